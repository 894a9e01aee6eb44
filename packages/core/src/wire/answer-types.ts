import type { ProgressResponse } from '../schemas/interfaces.ts';
import type { ParsedOf } from './json-format.ts';
import type { Notice } from './notices.ts';

/** A request whose `format` decides the type of `parsed` in the answer. */
export type Formatted<Request, F> = Omit<Request, 'format'> & {
  /** "json", a JSON Schema that the answer must follow, or a schema such as zod's, which also checks it. */
  format?: F | undefined;
};

/** A complete answer, with what the server does not report; with a `format`, its value is in `parsed`. */
export type Answer<Response, F> = Noticed<Response> & ([F] extends [never] ? unknown : WithParsed<F>);

interface WithParsed<F> {
  /** The value of the answer, in the requested `format`. */
  parsed: ParsedOf<F>;
}

type Noticed<Response> = Response & {
  /** Not errors, but worth knowing. */
  notices: Notice[];
};

/** A piece of an answer; the last one has the notices. */
export type Chunk<Response> = Response & LastNotices;

interface LastNotices {
  /** On the last one: not errors, but worth knowing. */
  notices?: Notice[];
}

/** A line of progress; the last one has the notices, if there are any. */
export type CreateResponse = ProgressResponse & LastNotices;

/** What the lines of a stream add up to, unless a `format` adds a value. */
export type WholeOf<Line> = Line extends { done: boolean } & Chunk<infer Response> ? Answer<Response, never> : Line;
