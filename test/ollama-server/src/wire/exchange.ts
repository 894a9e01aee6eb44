import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Backend, Call } from './backend.ts';

/** One request with both ends of its connection. */
export interface Exchange extends Call {
  incoming: IncomingMessage;
  response: ServerResponse;
}

export type Handler = (exchange: Exchange, backend: Backend) => Promise<void> | void;
