import type { BareServers } from './contestants.ts';
import { HttpProcess } from './http-process.ts';
import type { Client } from './protocol.ts';
import { ServerProcess } from './server-process.ts';

/** A transport to our server. */
export interface ClientTransport {
  name: string;
  /** The baseline for it. */
  bare: keyof BareServers;
  open(script: string, host: string, args?: readonly string[]): Client | Promise<Client>;
}

export const stdio: ClientTransport = {
  name: 'stdio',
  bare: 'stdio',
  open: (script, host, args) => new ServerProcess(script, host, { args }),
};

/** The transports that the peers do not have. */
export const ownTransports: readonly ClientTransport[] = [
  {
    name: 'stdio, 2026-07-28',
    bare: 'modern',
    open: (script, host, args) => new ServerProcess(script, host, { era: 'modern', args }),
  },
  ...(['legacy', 'modern'] as const).map((era) => ({
    name: era === 'legacy' ? 'HTTP' : 'HTTP, 2026-07-28',
    bare: 'http' as const,
    open: (script: string, host: string, args?: readonly string[]) =>
      HttpProcess.start(script, host, { era, sessions: false, args }),
  })),
  {
    name: 'HTTP with sessions',
    bare: 'http',
    open: (script, host, args) => HttpProcess.start(script, host, { era: 'legacy', sessions: true, args }),
  },
];
