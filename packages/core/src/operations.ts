/**
 * Every route of Ollama's API that the client calls. The schemas of their bodies are in `schemas/`, by the same names.
 * `answer` says how the answer comes: `whole`, `empty` (nothing but the status), or as a stream of lines whose last one has `done: true` (`chunks`) or
 * the status "success" (`progress`). `quick` ones are answered from what the server has at hand.
 */
export interface Operation {
  method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  path: string;
  answer: 'whole' | 'empty' | 'chunks' | 'progress';
  quick?: boolean;
}

export const operations = {
  generate: { method: 'POST', path: '/api/generate', answer: 'chunks' },
  chat: { method: 'POST', path: '/api/chat', answer: 'chunks' },
  embed: { method: 'POST', path: '/api/embed', answer: 'whole' },
  embeddings: { method: 'POST', path: '/api/embeddings', answer: 'whole' },
  list: { method: 'GET', path: '/api/tags', answer: 'whole', quick: true },
  ps: { method: 'GET', path: '/api/ps', answer: 'whole', quick: true },
  show: { method: 'POST', path: '/api/show', answer: 'whole', quick: true },
  copy: { method: 'POST', path: '/api/copy', answer: 'empty', quick: true },
  delete: { method: 'DELETE', path: '/api/delete', answer: 'empty', quick: true },
  pull: { method: 'POST', path: '/api/pull', answer: 'progress' },
  push: { method: 'POST', path: '/api/push', answer: 'progress' },
  create: { method: 'POST', path: '/api/create', answer: 'progress' },
  version: { method: 'GET', path: '/api/version', answer: 'whole', quick: true },
  status: { method: 'GET', path: '/api/status', answer: 'whole', quick: true },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
