// For consumers that compile without it: `Symbol.asyncDispose` is in the declarations.
/// <reference lib="esnext.disposable" preserve="true" />

import { OllamaAbortError } from '../errors/errors.ts';
import { asOllamaError } from '../errors/unexpected.ts';
import type { Accumulator } from '../wire/accumulate.ts';
import type { WholeOf } from '../wire/answer-types.ts';
import { Cancel } from './cancel.ts';

/** Where a stream gets its lines from, and what they add up to. */
export interface AnswerSource<Line, Whole> {
  /** Gets each line when the reader does. */
  accumulator: Accumulator<Line>;
  /** The lines in non-empty batches, one per piece of the body. `left` aborts when the reader leaves. */
  open(left: Cancel): Batches<Line>;
  /** What `result` gives for a complete answer. */
  finish(answer: Line): Whole;
}

type Batches<Line> = Pick<AsyncGenerator<readonly Line[], void, undefined>, 'next'> & { return(): Promise<unknown> };

/** The lines of a stream as they come, all that have arrived at once: cheaper per line than one by one. */
export let batchesOf: <Line>(stream: OllamaStream<Line, unknown>) => AsyncIterable<readonly Line[]>;

/** A call of `next`. These are methods, which makes a stream of a narrower type assignable to a wider one. */
interface Waiting<Line> {
  resolve(result: IteratorResult<Line, void>): void;
  reject(error: unknown): void;
}

/**
 * A streamed answer: iterate it with `for await`, or await the complete answer with `result`. Whichever comes first
 * sends the request. Leaving the loop, `return` and `await using` all close the connection at once, which stops the
 * model, even while a chunk is pending.
 *
 * Lines come in batches, and a line that has arrived costs one promise: a fast answer has many in one piece of the
 * body.
 */
export class OllamaStream<Line, Whole = WholeOf<Line>> implements AsyncIterableIterator<Line> {
  readonly #source: AnswerSource<Line, Whole>;
  readonly #batches: Batches<Line>;
  readonly #left = new Cancel();
  /** Lines that were read; the first `#given` of them went to the loop, the first `#added` to the accumulator. */
  #lines: Line[] = [];
  #given = 0;
  #added = 0;
  #lastAdded: Line | undefined;
  /** Pending calls of `next`, in order. */
  readonly #waiting: Waiting<Line>[] = [];
  #reading: Promise<void> | undefined;
  /** No more lines come. */
  #ended = false;
  #failure: { error: unknown } | undefined;
  /** The loop has received the failure. */
  #toldFailure = false;
  #result: Promise<Whole> | undefined;

  static {
    batchesOf = (stream) => stream.#inBatches();
  }

  /** @internal Made by the methods of the client. */
  constructor(source: AnswerSource<Line, Whole>) {
    this.#source = source;
    this.#batches = source.open(this.#left);
  }

  /**
   * The answer so far, in the shape of the complete one: what all chunks up to now add up to; undefined before the
   * first. For pull, push and create it is the last line. Its lists (`tool_calls`, `logprobs`) keep growing.
   *
   * @example
   * ```ts
   * const stream = ollama.generateStream({ model: 'llama3.2', prompt: 'What is Docker?' });
   * await stream.next();
   * console.log(stream.partial?.response, stream.partial?.done); // D… false
   * await stream.return();
   * ```
   */
  get partial(): Line | undefined {
    return this.#source.accumulator.answer();
  }

  /**
   * The complete answer, as the method without `Stream` returns it. Reads the rest of the stream; a running loop still
   * gets every chunk. Also works after the loop.
   *
   * @throws OllamaError that the stream failed with, `aborted` if the stream was left before the answer was complete,
   * or `bad_output` if the answer is not in the requested `format`.
   *
   * @example
   * ```ts
   * const stream = ollama.generateStream({ model: 'llama3.2', prompt: 'What is Docker?' });
   * for await (const { response } of stream) process.stdout.write(response); // Docker is …
   * const { response, eval_count } = await stream.result();
   * console.log(response.length, eval_count); // …
   * ```
   */
  result(): Promise<Whole> {
    this.#result ??= this.#readToEnd();
    return this.#result;
  }

  /**
   * The next chunk.
   *
   * @example
   * ```ts
   * const stream = ollama.generateStream({ model: 'llama3.2', prompt: 'What is Docker?' });
   * const { value, done } = await stream.next();
   * console.log(value?.response, done); // D… false
   * await stream.return();
   * ```
   */
  next(): Promise<IteratorResult<Line, void>> {
    if (this.#waiting.length === 0) {
      if (this.#given < this.#lines.length) return Promise.resolve(this.#give());
      if (this.#ended) return this.#end();
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      void this.#read();
    });
  }

  /**
   * Leaves the stream: closes the connection and stops the model.
   *
   * @example
   * ```ts
   * const stream = ollama.generateStream({ model: 'llama3.2', prompt: 'What is Docker?' });
   * await stream.next();
   * await stream.return(); // what `break` does in a loop
   * console.log((await stream.next()).done); // true
   * ```
   */
  async return(): Promise<IteratorResult<Line, void>> {
    this.#lines = [];
    this.#given = 0;
    this.#added = 0;
    this.#toldFailure = true;
    this.#left.abort('left');
    await this.#batches.return();
    this.#stop();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #readToEnd(): Promise<Whole> {
    while (!this.#ended) {
      await this.#read();
      while (this.#added < this.#lines.length) this.#add();
    }
    if (this.#failure) throw this.#failure.error;
    const { partial } = this;
    const isComplete = this.#lastAdded !== undefined && this.#source.accumulator.isLast(this.#lastAdded);
    if (isComplete && partial !== undefined) return this.#finish(partial);
    throw new OllamaAbortError('The stream was closed before the answer was complete.', { code: 'aborted', partial });
  }

  /** Written by hand: a generator would take three times as long per line if lines come one by one. */
  #inBatches(): AsyncIterable<readonly Line[]> {
    const iterator: AsyncIterator<readonly Line[], void> = {
      next: () => {
        if (this.#given < this.#lines.length || this.#ended) return this.#giveAll();
        return this.#read().then(() => this.#giveAll());
      },
      return: () => this.return() as Promise<IteratorReturnResult<void>>,
    };
    return { [Symbol.asyncIterator]: () => iterator };
  }

  #giveAll(): Promise<IteratorResult<readonly Line[], void>> {
    const value = this.#given === 0 ? this.#lines : this.#lines.slice(this.#given);
    if (value.length === 0) return this.#end();
    while (this.#given < this.#lines.length) {
      this.#given += 1;
      if (this.#added < this.#given) this.#add();
    }
    this.#lines = [];
    this.#given = 0;
    this.#added = 0;
    return Promise.resolve({ done: false, value });
  }

  #finish(answer: Line): Whole {
    try {
      return this.#source.finish(answer);
    } catch (error) {
      throw asOllamaError(error);
    }
  }

  /** Reads a batch, and more while calls of `next` are pending. */
  #read(): Promise<void> {
    this.#reading ??= this.#batches.next().then(
      (batch) => this.#batchCame(batch),
      (error) => this.#batchFailed(error),
    );
    return this.#reading;
  }

  #batchCame({ done, value }: IteratorResult<readonly Line[], void>): void {
    if (done) this.#stop();
    // The reader left in the meantime, so these lines are dropped.
    else if (!this.#left.aborted) this.#keep(value);
    this.#wake();
  }

  #batchFailed(error: unknown): void {
    // A failure after the reader left is the normal end.
    if (!this.#left.aborted) this.#failure = { error: asOllamaError(error) };
    this.#stop();
    this.#wake();
  }

  #wake(): void {
    this.#reading = undefined;
    while (this.#waiting.length > 0 && this.#given < this.#lines.length) this.#waiting.shift()?.resolve(this.#give());
    if (this.#waiting.length > 0) void this.#read();
  }

  #keep(batch: readonly Line[]): void {
    if (this.#given < this.#lines.length) {
      for (const line of batch) this.#lines.push(line);
      return;
    }
    this.#lines = batch as Line[];
    this.#given = 0;
    this.#added = 0;
  }

  #give(): IteratorYieldResult<Line> {
    const value = this.#lines[this.#given] as Line;
    this.#given += 1;
    if (this.#added < this.#given) this.#add();
    return { done: false, value };
  }

  #add(): void {
    const line = this.#lines[this.#added] as Line;
    this.#added += 1;
    this.#lastAdded = line;
    try {
      this.#source.accumulator.add(line);
    } catch (error) {
      // The reader of this line still gets it; the next one gets the failure.
      this.#lines.length = this.#given;
      this.#failure ??= { error: asOllamaError(error) };
      this.#left.abort('left');
      this.#batches.return().catch(() => {});
      this.#stop();
    }
  }

  #stop(): void {
    this.#ended = true;
    for (const { resolve, reject } of this.#waiting.splice(0)) this.#end().then(resolve, reject);
  }

  #end(): Promise<IteratorReturnResult<void>> {
    if (!this.#failure || this.#toldFailure) return Promise.resolve({ done: true, value: undefined });
    this.#toldFailure = true;
    return Promise.reject(this.#failure.error);
  }
}
