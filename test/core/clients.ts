/** The client on each of its transports, for tests that must hold on both. */
import { createOllama as createOnFetch } from '@ollama-toolbelt/core/fetch';
import { createOllama as createOnNode } from '@ollama-toolbelt/core/node';

export const transports = [
  { transport: 'node', createOllama: createOnNode },
  { transport: 'fetch', createOllama: createOnFetch },
] as const;
