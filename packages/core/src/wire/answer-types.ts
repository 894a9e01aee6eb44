import type { ProgressResponse } from '../schemas/transfers.ts';
import type { ParsedOf } from './json-format.ts';
import type { Notice } from './notices.ts';

/** A request whose `format` decides the type of `parsed` in the answer. */
export type Formatted<Request, F> = Omit<Request, 'format'> & { format?: F | undefined };

/** A whole answer, with what the server keeps quiet about; with a `format`, its value is in `parsed`. */
export type Answer<Response, F> = Noticed<Response> & ([F] extends [never] ? unknown : { parsed: ParsedOf<F> });

type Noticed<Response> = Response & { notices: Notice[] };

/** A piece of an answer; the last one has the notices. */
export type Chunk<Response> = Response & { notices?: Notice[] };

/** A line of progress; the last one has the notices, if there are any. */
export type CreateResponse = ProgressResponse & { notices?: Notice[] };

/** What the lines of a stream add up to, if no `format` adds a value to it. */
export type WholeOf<Line> = Line extends { done: boolean } & Chunk<infer Response> ? Answer<Response, never> : Line;
