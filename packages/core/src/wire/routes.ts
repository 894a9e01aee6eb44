/**
 * Every route of Ollama's API that the client calls. The schemas of their bodies are in `schemas/`, by the same names.
 */
export interface Operation {
  method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  path: string;
  /**
   * How the answer comes: `whole`, as nothing at all (`empty`), or as a stream of lines whose last one has `done: true`
   * (`chunks`) or the status "success" (`progress`).
   */
  answer: 'whole' | 'empty' | 'chunks' | 'progress';
  /** Answered from what the server has at hand, so it gets a deadline. */
  quick?: boolean;
  /** Makes a model work, so it waits for its turn where a client limits that. */
  runs?: boolean;
  /** Never sent a second time: doing it twice is not the same as once. */
  once?: boolean;
}

export const operations = {
  generate: { method: 'POST', path: '/api/generate', answer: 'chunks', runs: true },
  chat: { method: 'POST', path: '/api/chat', answer: 'chunks', runs: true },
  embed: { method: 'POST', path: '/api/embed', answer: 'whole', runs: true },
  embeddings: { method: 'POST', path: '/api/embeddings', answer: 'whole', runs: true },
  list: { method: 'GET', path: '/api/tags', answer: 'whole', quick: true },
  ps: { method: 'GET', path: '/api/ps', answer: 'whole', quick: true },
  show: { method: 'POST', path: '/api/show', answer: 'whole', quick: true },
  copy: { method: 'POST', path: '/api/copy', answer: 'empty', quick: true, once: true },
  delete: { method: 'DELETE', path: '/api/delete', answer: 'empty', quick: true, once: true },
  pull: { method: 'POST', path: '/api/pull', answer: 'progress' },
  push: { method: 'POST', path: '/api/push', answer: 'progress', once: true },
  create: { method: 'POST', path: '/api/create', answer: 'progress', once: true },
  /** The digest is added to the path of both. */
  hasBlob: { method: 'HEAD', path: '/api/blobs', answer: 'empty', quick: true },
  uploadBlob: { method: 'POST', path: '/api/blobs', answer: 'empty' },
  version: { method: 'GET', path: '/api/version', answer: 'whole', quick: true },
  status: { method: 'GET', path: '/api/status', answer: 'whole', quick: true },
  me: { method: 'POST', path: '/api/me', answer: 'whole' },
  recommendations: { method: 'GET', path: '/api/experimental/model-recommendations', answer: 'whole' },
  webSearch: { method: 'POST', path: '/api/experimental/web_search', answer: 'whole' },
  webFetch: { method: 'POST', path: '/api/experimental/web_fetch', answer: 'whole' },
} as const satisfies Record<string, Operation>;
