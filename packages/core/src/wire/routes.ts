import { embedBytesShape, embeddingShape, embedShape, progressShape } from './answer-shape.ts';
import { chatRoute, generateRoute } from './answering-routes.ts';
import { listRoute } from './list-route.ts';
import type { Route } from './route.ts';

const post = (path: string, answer: Route['answer'], more: Partial<Route> = {}): Route => ({
  method: 'POST',
  path,
  answer,
  ...more,
});

/** Routes that the server answers without running a model. */
const get = (path: string): Route => ({ method: 'GET', path, answer: 'whole', quick: true });

/**
 * Every route of Ollama's API that the client calls. The schemas of their bodies are in `schemas/`, under the same
 * names.
 */
export const routes = {
  generate: generateRoute,
  chat: chatRoute,
  embed: post('/api/embed', 'whole', { runs: true, shape: embedShape }),
  embeddings: post('/api/embeddings', 'whole', { runs: true, shape: embeddingShape }),
  /** OpenAI's route, the only one that returns vectors as bytes. */
  embedBytes: post('/v1/embeddings', 'whole', { runs: true, shape: embedBytesShape }),
  list: listRoute,
  ps: { ...listRoute, path: '/api/ps' },
  show: post('/api/show', 'whole', { quick: true }),
  copy: post('/api/copy', 'empty', { quick: true, once: true }),
  delete: post('/api/delete', 'empty', { method: 'DELETE', quick: true, once: true }),
  pull: post('/api/pull', 'progress', { shape: progressShape }),
  push: post('/api/push', 'progress', { once: true, shape: progressShape }),
  create: post('/api/create', 'progress', { once: true, shape: progressShape }),
  /** Both append the digest to their path. */
  hasBlob: post('/api/blobs', 'empty', { method: 'HEAD', quick: true }),
  uploadBlob: post('/api/blobs', 'empty'),
  version: get('/api/version'),
  status: get('/api/status'),
  me: post('/api/me', 'whole'),
  recommendations: post('/api/experimental/model-recommendations', 'whole', { method: 'GET' }),
  webSearch: post('/api/experimental/web_search', 'whole', { cloudPath: '/api/web_search' }),
  webFetch: post('/api/experimental/web_fetch', 'whole', { cloudPath: '/api/web_fetch' }),
} satisfies Record<string, Route>;
