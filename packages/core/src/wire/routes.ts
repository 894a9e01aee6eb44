/**
 * Every route of Ollama's API that the client calls. The schemas of their bodies are in `schemas/`, by the same names.
 */
export interface Route {
  method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  path: string;
  /** The path at ollama.com, if it is another one there. */
  cloudPath?: string;
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

const post = (path: string, answer: Route['answer'], more: Partial<Route> = {}): Route => ({
  method: 'POST',
  path,
  answer,
  ...more,
});

/** What the server has at hand. */
const get = (path: string): Route => ({ method: 'GET', path, answer: 'whole', quick: true });

export const routes = {
  generate: post('/api/generate', 'chunks', { runs: true }),
  chat: post('/api/chat', 'chunks', { runs: true }),
  embed: post('/api/embed', 'whole', { runs: true }),
  embeddings: post('/api/embeddings', 'whole', { runs: true }),
  list: get('/api/tags'),
  ps: get('/api/ps'),
  show: post('/api/show', 'whole', { quick: true }),
  copy: post('/api/copy', 'empty', { quick: true, once: true }),
  delete: post('/api/delete', 'empty', { method: 'DELETE', quick: true, once: true }),
  pull: post('/api/pull', 'progress'),
  push: post('/api/push', 'progress', { once: true }),
  create: post('/api/create', 'progress', { once: true }),
  /** The digest is added to the path of both. */
  hasBlob: post('/api/blobs', 'empty', { method: 'HEAD', quick: true }),
  uploadBlob: post('/api/blobs', 'empty'),
  version: get('/api/version'),
  status: get('/api/status'),
  me: post('/api/me', 'whole'),
  recommendations: post('/api/experimental/model-recommendations', 'whole', { method: 'GET' }),
  webSearch: post('/api/experimental/web_search', 'whole', { cloudPath: '/api/web_search' }),
  webFetch: post('/api/experimental/web_fetch', 'whole', { cloudPath: '/api/web_fetch' }),
} satisfies Record<string, Route>;
