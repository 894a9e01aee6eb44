import type { CallFacts } from '../errors/call-facts.ts';
import { OllamaError } from '../errors/ollama-error.ts';
import type { CallOptions } from '../options.ts';
import type { Accumulator } from '../wire/accumulate.ts';
import { LineReader } from '../wire/ndjson.ts';
import type { Cancel } from './cancel.ts';
import { checkLine } from './check-line.ts';
import type { ClientContext } from './client-context.ts';
import { Exchange, type Outgoing } from './exchange.ts';

type Batch<Line> = IteratorResult<readonly Line[], void>;

/**
 * The lines of a streamed response, in batches. A batch has the lines that came in one piece of the body, up to the
 * first bad one. The iteration ends after the line that completes the response and throws if there is none, so a
 * truncated response never passes as complete. Leaving the iteration closes the connection, even while a line is
 * awaited: `left` aborts then. `prepare` is called with the first `next`. The reader of the lines feeds the
 * `accumulator`; this only reads it.
 *
 * Written by hand: a generator would cost several promises per token, more than reading it.
 *
 * @throws OllamaError with what had arrived in `partial`.
 */
export class AnswerLines<Line extends object> implements AsyncIterableIterator<readonly Line[], void, undefined> {
  readonly #client: ClientContext;
  readonly #prepare: () => Outgoing;
  readonly #accumulator: Accumulator<Line>;
  readonly #call: CallOptions;
  readonly #left: Cancel;
  #state: 'new' | 'reading' | 'failed' | 'complete' | 'over' = 'new';
  #outgoing!: Outgoing;
  #exchange!: Exchange;
  #facts!: CallFacts;
  #reader!: LineReader;
  #error: unknown;
  /** The lines of the piece being read. */
  #batch: Line[] = [];
  #resolve: (batch: Batch<Line>) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(
    client: ClientContext,
    prepare: () => Outgoing,
    accumulator: Accumulator<Line>,
    call: CallOptions,
    left: Cancel,
  ) {
    this.#client = client;
    this.#prepare = prepare;
    this.#accumulator = accumulator;
    this.#call = call;
    this.#left = left;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Do not call again before it has settled. */
  next(): Promise<Batch<Line>> {
    return this.#state === 'reading' ? new Promise(this.#startReading) : this.#step();
  }

  async return(): Promise<Batch<Line>> {
    await this.#end();
    return { done: true, value: undefined };
  }

  /** Everything that happens only once per response. */
  async #step(): Promise<Batch<Line>> {
    switch (this.#state) {
      case 'new':
        await this.#open();
        return this.next();
      case 'failed':
        throw await this.#failure(this.#error);
      default:
        return this.return();
    }
  }

  async #open(): Promise<void> {
    this.#state = 'over';
    this.#outgoing = this.#prepare();
    const exchange = new Exchange(this.#client, this.#outgoing, this.#call);
    this.#exchange = exchange;
    this.#facts = exchange.facts;
    this.#reader = new LineReader(this.#client.maxLineBytes, exchange.facts);
    this.#left.addEventListener('abort', () => {
      if (this.#state !== 'complete') exchange.end();
    });
    try {
      await exchange.open();
      this.#state = 'reading';
    } catch (error) {
      throw await this.#failure(error);
    }
  }

  readonly #startReading = (resolve: (batch: Batch<Line>) => void, reject: (error: unknown) => void) => {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#exchange.pull(this.#onPiece, this.#onFailure);
  };

  readonly #onPiece = (bytes: Uint8Array | undefined) => {
    try {
      if (bytes === undefined) this.#reader.end(this.#take);
      else this.#reader.push(bytes, this.#take);
      if (bytes === undefined && this.#state === 'reading') throw this.#facts.errors.truncated(this.#facts);
    } catch (error) {
      if (this.#batch.length === 0) return this.#onFailure(error);
      this.#state = 'failed';
      this.#error = error;
    }
    if (this.#batch.length === 0) return this.#exchange.pull(this.#onPiece, this.#onFailure);
    const value = this.#batch;
    this.#batch = [];
    this.#resolve({ done: false, value });
  };

  readonly #take = (value: unknown, characters: number): boolean => {
    const line = checkLine<Line>(value, characters, this.#outgoing, this.#facts);
    this.#batch.push(line);
    if (!this.#accumulator.isLast(line)) return true;
    this.#state = 'complete';
    return false;
  };

  readonly #onFailure = (error: unknown) => {
    void this.#failure(error).then(this.#reject);
  };

  async #failure(cause: unknown): Promise<unknown> {
    this.#state = 'over';
    const client = this.#client;
    const error = await client.failures.complete(cause, client, this.#call, () => this.#exchange.signal);
    this.#exchange.end();
    // Errors are made where only the failure is known. What had arrived is added here.
    const partial = this.#accumulator.answer();
    if (error instanceof OllamaError && partial !== undefined) Object.assign(error, { partial });
    return error;
  }

  async #end(): Promise<void> {
    const state = this.#state;
    this.#state = 'over';
    if (state === 'new' || state === 'over') return;
    if (state === 'complete') await this.#exchange.drain();
    this.#exchange.end();
  }
}
