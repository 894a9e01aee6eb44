import type { ShapeCheck } from './shape-check.ts';

/** A route of Ollama's API. */
export interface Route {
  method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  path: string;
  /** The path at ollama.com, if it differs there. */
  cloudPath?: string;
  /**
   * How the response arrives: complete (`whole`), with an empty body (`empty`), or as a stream of lines whose last one
   * has `done: true` (`chunks`) or the status "success" (`progress`).
   */
  answer: 'whole' | 'empty' | 'chunks' | 'progress';
  /** The server answers without running a model, so the call gets a deadline. */
  quick?: boolean;
  /** Runs a model, so it waits for a slot if the client limits concurrency. */
  runs?: boolean;
  /** Never retried: sending it twice is not the same as once. */
  once?: boolean;
  /** Checks the fields of a response, or of one line of it, that the client itself reads. */
  shape?: ShapeCheck;
  /** The field of a response that is always a list: some server versions write an empty one as null. */
  list?: string;
}
