import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { jobs } from './jobs.ts';

export interface Outcome {
  value?: unknown;
  error?: Record<string, unknown>;
  /** Thrown, and no error of the client's. */
  strange?: string;
}

/** A job that a page is doing. */
export interface RunningJob {
  /** What the page tells next. */
  reported(): Promise<unknown>;
  stop(): void;
  outcome: Promise<Outcome>;
}

/** Serves the page, gives it jobs and hears how they went. */
export interface PageServer extends AsyncDisposable {
  port: number;
  /** Gives the page of this host name a job, with the address of an Ollama server. */
  run(job: keyof typeof jobs, host: string, page?: string): RunningJob;
}

interface Desk {
  order?: object;
  page?: ServerResponse;
}

interface Running {
  tell: (value: unknown) => void;
  done: (outcome: Outcome) => void;
  stopped: Promise<unknown>;
}

export async function servePage(script: string): Promise<PageServer> {
  const desks = new Map<string, Desk>();
  const running = new Map<string, Running>();
  let count = 0;

  /** A job and a page that waits for one come in any order. */
  const match = (name: string, half: Desk) => {
    const desk = { ...desks.get(name), ...half };
    desks.set(name, desk);
    if (!desk.order || !desk.page) return;
    desks.delete(name);
    send(desk.page, 'application/json', JSON.stringify(desk.order));
  };

  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    const job = running.get(searchParams.get('id') ?? '');
    if (pathname === '/') send(response, 'text/html', html(searchParams.get('frame')));
    else if (pathname === '/page.js') send(response, 'text/javascript', script);
    else if (pathname === '/next') match(searchParams.get('origin') ?? '', { page: response });
    else if (pathname === '/stop' && job) {
      await job.stopped;
      send(response, 'text/plain', 'stop');
    } else if (pathname === '/tell' || pathname === '/done') {
      const value: unknown = JSON.parse(await textOf(request));
      if (pathname === '/tell') job?.tell(value);
      else job?.done(value as Outcome);
      send(response, 'text/plain', 'heard');
    } else {
      response.writeHead(404).end();
    }
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    run(job, host, page = '127.0.0.1') {
      const id = String(++count);
      const reported = queue<unknown>();
      let resolve: (value: Outcome) => void = () => {};
      let stop: () => void = () => {};
      const outcome = new Promise<Outcome>((settle) => {
        resolve = settle;
      });
      const stopped = new Promise<void>((settle) => {
        stop = settle;
      });
      // What the page still waits for at the end of a job is answered, so no request of it is left.
      const done = (value: Outcome) => {
        stop();
        resolve(value);
      };
      running.set(id, { tell: reported.push, done, stopped });
      match(page, { order: { id, job, host } });
      return { reported: reported.next, stop: () => stop(), outcome };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A page, with one of another origin in it. */
const html = (frame: string | null) =>
  `<!doctype html><script type="module" src="/page.js"></script>${frame === null ? '' : `<iframe src="${frame}"></iframe>`}`;

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(text);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) text += piece;
  return text;
}

function queue<T>() {
  const values: T[] = [];
  const readers: ((value: T) => void)[] = [];
  return {
    push: (value: T) => {
      const reader = readers.shift();
      if (reader) reader(value);
      else values.push(value);
    },
    next: () =>
      values.length > 0 ? Promise.resolve(values.shift() as T) : new Promise<T>((resolve) => readers.push(resolve)),
  };
}
