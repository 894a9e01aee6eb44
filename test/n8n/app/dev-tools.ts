import { once } from 'node:events';

interface Answer {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Chromium's debugging protocol, for one page that it opens. */
export class DevTools implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  #session: string | undefined;
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#answered(JSON.parse(String(data))));
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Chromium has ended'));
    });
  }

  static async connect(url: string): Promise<DevTools> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    const tools = new DevTools(socket);
    const { targetId } = await tools.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
    const attached = await tools.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    tools.#session = attached.sessionId;
    return tools;
  }

  send<Result = unknown>(method: string, params: object = {}): Promise<Result> {
    this.#lastId += 1;
    const id = this.#lastId;
    const sent = { id, method, params, ...(this.#session !== undefined && { sessionId: this.#session }) };
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (result) => resolve(result as Result), reject });
      this.#socket.send(JSON.stringify(sent));
    });
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #answered({ id, result, error }: Answer): void {
    if (id === undefined) return;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }
}
