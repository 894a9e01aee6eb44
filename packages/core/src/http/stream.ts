// For those who compile without it: `Symbol.asyncDispose` is in the declarations.
/// <reference lib="esnext.disposable" preserve="true" />

/**
 * A streamed answer: iterate it with `for await`. The request goes out with the first `next`. Leaving the loop, `return`
 * and `await using` all close the connection at once, which stops the model, also while a chunk is being waited for.
 */
export class OllamaStream<Chunk> implements AsyncIterableIterator<Chunk> {
  readonly #lines: AsyncGenerator<Chunk, void, undefined>;
  readonly #cancel: AbortController;

  /** `open` gets a signal that aborts when the loop is left, at the end of the answer too. */
  constructor(open: (left: AbortSignal) => AsyncGenerator<Chunk, void, undefined>) {
    this.#cancel = new AbortController();
    this.#lines = open(this.#cancel.signal);
  }

  next(): Promise<IteratorResult<Chunk, void>> {
    return this.#lines.next().catch(this.#onFailure);
  }

  async return(): Promise<IteratorResult<Chunk, void>> {
    this.#cancel.abort('left');
    return this.#lines.return();
  }

  /** What fails because the loop was left is its end. */
  readonly #onFailure = (error: unknown): IteratorReturnResult<void> => {
    if (this.#cancel.signal.aborted) return { done: true, value: undefined };
    throw error;
  };

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
