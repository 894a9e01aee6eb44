/**
 * The items of batches, none of them empty, one by one. An item that is already here costs one promise, where an async generator would cost
 * several: the lines of a fast answer come many in one piece of the body.
 */
export class Flattened<Item> implements AsyncGenerator<Item, void, undefined> {
  readonly #batches: AsyncGenerator<readonly Item[], void, undefined>;
  #batch: readonly Item[] = [];
  #position = 0;
  /** Settles when the read under way is over. Calls that do not wait for one another are answered in their order. */
  #reading: Promise<void> | undefined;

  constructor(batches: AsyncGenerator<readonly Item[], void, undefined>) {
    this.#batches = batches;
  }

  next(): Promise<IteratorResult<Item, void>> {
    if (!this.#reading && this.#position < this.#batch.length) return this.#take();
    const result = this.#reading ? this.#reading.then(() => this.#take()) : this.#take();
    const over = result.then(nothing, nothing);
    this.#reading = over;
    void over.then(() => {
      if (this.#reading === over) this.#reading = undefined;
    });
    return result;
  }

  async return(): Promise<IteratorResult<Item, void>> {
    this.#batch = [];
    return (await this.#batches.return()) as IteratorReturnResult<void>;
  }

  async throw(error: unknown): Promise<IteratorResult<Item, void>> {
    this.#batch = [];
    return (await this.#batches.throw(error)) as IteratorReturnResult<void>;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #take(): Promise<IteratorResult<Item, void>> {
    if (this.#position >= this.#batch.length) return this.#read();
    return Promise.resolve({ done: false, value: this.#batch[this.#position++] as Item });
  }

  async #read(): Promise<IteratorResult<Item, void>> {
    const { done, value } = await this.#batches.next();
    if (done) return { done: true, value: undefined };
    this.#batch = value;
    this.#position = 1;
    return { done: false, value: value[0] as Item };
  }
}

const nothing = () => {};
