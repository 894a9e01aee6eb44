import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { selfSigned } from '../core/self-signed.ts';
import type { Fault } from './fault.ts';
import { type FaultCall, routeOf } from './fault-calls.ts';

/** Too long for one label: every resolver refuses it at once, without asking anyone. */
const unresolvable = `http://${'no-such-server'.padEnd(64, '-x')}.invalid:11434`;

/** What a fault is played on. */
export interface Stage extends AsyncDisposable {
  host: string;
  /** Makes the next request of the call meet the fault. */
  set(call: FaultCall): void;
  /** How the requests of the call ended, once they all have; nothing where none could be made. */
  outcomes(call: FaultCall): Promise<string[]>;
  /** Resolves when no connection is open any more. */
  noSockets(): Promise<void>;
}

export function stageFor(fault: Fault): Promise<Stage> {
  if (fault.unreachable === 'tls') return untrusted();
  return fault.unreachable === undefined ? answering(fault) : unreachable(fault.unreachable);
}

async function answering({ reply }: Fault): Promise<Stage> {
  const server = await startScripted();
  return {
    host: server.host,
    set(call) {
      server.reset();
      if (reply) server.on(routeOf(call), reply());
    },
    async outcomes({ method, path }) {
      await server.allClosed();
      const own = server.requests.filter((request) => request.method === method && request.path === path);
      return own.map(({ outcome }) => outcome);
    },
    noSockets: () => allClosed(server.sockets),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

const nothingToWaitFor = { set() {}, outcomes: async () => [], noSockets: async () => {} };

async function unreachable(how: 'refused' | 'dns'): Promise<Stage> {
  const dispose = { async [Symbol.asyncDispose]() {} };
  if (how === 'dns') return { host: unresolvable, ...nothingToWaitFor, ...dispose };
  const server = await startScripted();
  await server.refuse();
  return { host: server.host, ...nothingToWaitFor, ...dispose };
}

async function untrusted(): Promise<Stage> {
  const sockets = new Set<Socket>();
  const server = createServer(selfSigned, (_, response) => response.end('{}'));
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...nothingToWaitFor,
    host: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    noSockets: () => allClosed(sockets),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function allClosed(sockets: ReadonlySet<Socket>): Promise<void> {
  await Promise.all([...sockets].map((socket) => socket.closed || once(socket, 'close')));
}
