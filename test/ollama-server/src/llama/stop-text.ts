/**
 * Turns the bytes of tokens into text that can be shown: it holds back incomplete characters and text that may be the
 * beginning of a stop sequence, and truncates at the first stop sequence.
 */
export class StopText {
  readonly #stops: readonly string[];
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #held = '';

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '');
  }

  /** The text that is now safe; `stopped` if a stop sequence ended it. */
  push(bytes: Uint8Array): { text: string; stopped: boolean } {
    const text = this.#held + this.#decoder.decode(bytes, { stream: true });
    const cuts = this.#stops.map((stop) => text.indexOf(stop)).filter((at) => at !== -1);
    if (cuts.length > 0) {
      this.#held = '';
      return { text: text.slice(0, Math.min(...cuts)), stopped: true };
    }
    // All of it is held, as in Ollama: output then consists of complete tokens.
    const wait = this.#stops.some((stop) => endsWithStartOf(text, stop));
    this.#held = wait ? text : '';
    return { text: wait ? '' : text, stopped: false };
  }

  /** The held-back text at the end; an incomplete character is dropped. */
  rest(): string {
    const text = this.#held;
    this.#held = '';
    return text;
  }
}

/** Whether the text ends with a proper prefix of the sequence. */
export function endsWithStartOf(text: string, sequence: string): boolean {
  return startAtEnd(text, sequence) > 0;
}

/** How many characters at the end of the text may be the start of the sequence. */
export function startAtEnd(text: string, sequence: string): number {
  for (let length = Math.min(sequence.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(sequence.slice(0, length))) return length;
  }
  return 0;
}
