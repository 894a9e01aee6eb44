import {
  chatShape,
  embedBytesShape,
  embeddingShape,
  embedShape,
  generateShape,
  modelsShape,
  progressShape,
  type ShapeCheck,
} from './answer-shape.ts';

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
  /** Looks at the fields of an answer, or of one line of it, that the client itself reads. */
  shape?: ShapeCheck;
  /** The field of an answer that is always a list: servers of some versions write an empty one as null. */
  list?: string;
}

const post = (path: string, answer: Route['answer'], more: Partial<Route> = {}): Route => ({
  method: 'POST',
  path,
  answer,
  ...more,
});

/** What the server has at hand. */
const get = (path: string, more: Partial<Route> = {}): Route => ({
  method: 'GET',
  path,
  answer: 'whole',
  quick: true,
  ...more,
});

const models = { shape: modelsShape, list: 'models' };

export const routes = {
  generate: post('/api/generate', 'chunks', { runs: true, shape: generateShape }),
  chat: post('/api/chat', 'chunks', { runs: true, shape: chatShape }),
  embed: post('/api/embed', 'whole', { runs: true, shape: embedShape }),
  embeddings: post('/api/embeddings', 'whole', { runs: true, shape: embeddingShape }),
  /** OpenAI's route, the only one that gives the bytes of vectors. */
  embedBytes: post('/v1/embeddings', 'whole', { runs: true, shape: embedBytesShape }),
  list: get('/api/tags', models),
  ps: get('/api/ps', models),
  show: post('/api/show', 'whole', { quick: true }),
  copy: post('/api/copy', 'empty', { quick: true, once: true }),
  delete: post('/api/delete', 'empty', { method: 'DELETE', quick: true, once: true }),
  pull: post('/api/pull', 'progress', { shape: progressShape }),
  push: post('/api/push', 'progress', { once: true, shape: progressShape }),
  create: post('/api/create', 'progress', { once: true, shape: progressShape }),
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
