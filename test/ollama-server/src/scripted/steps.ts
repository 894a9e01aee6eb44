/**
 * A place in a response where the server stops until the test releases it or the client disconnects: a stall without a
 * clock.
 */
export class Gate {
  /** Resolves when the response has reached this place. */
  readonly reached: Promise<void>;
  readonly #released: Promise<void>;
  #reach!: () => void;
  #release!: () => void;

  constructor() {
    this.reached = new Promise((resolve) => {
      this.#reach = resolve;
    });
    this.#released = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release();
  }

  async pass(signal: AbortSignal): Promise<void> {
    this.#reach();
    await Promise.race([this.#released, aborted(signal)]);
  }
}

export const gate = (): Gate => new Gate();

/** A pause of real time, for slow responses; use a gate for a stall. */
export class Delay {
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }

  pass(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.milliseconds);
      void aborted(signal).then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

export const delay = (milliseconds: number): Delay => new Delay(milliseconds);

export type Pause = Gate | Delay;
export const isPause = (step: unknown): step is Pause => step instanceof Gate || step instanceof Delay;

/** One promise per signal: a listener for each of many pauses would look like a leak. */
const aborts = new WeakMap<AbortSignal, Promise<void>>();

function aborted(signal: AbortSignal): Promise<void> {
  const known = aborts.get(signal);
  if (known !== undefined) return known;
  const promise = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  aborts.set(signal, promise);
  return promise;
}
