import type { ShapeCheck } from './shape-check.ts';

/** A route of Ollama's API. */
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
