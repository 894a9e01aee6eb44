const QUOTE = '"';

/**
 * The text of a value during reading. It always knows whether its quotes are closed without scanning the text again: a
 * license may have thousands of lines.
 */
export class ValueText {
  readonly #characters: string[] = [];
  /** The part without surrounding white space. */
  #start = -1;
  #end = 0;

  add(character: string): void {
    this.#characters.push(character);
    if (character === ' ' || character === '\t' || character === '\n' || character === '\r') return;
    if (this.#start < 0) this.#start = this.#characters.length - 1;
    this.#end = this.#characters.length;
  }

  /** The value without its quotes; undefined while a quote is open. There are no escapes. */
  read(): string | undefined {
    if (this.#start < 0) return '';
    const quotes = this.#startsWith(3) ? 3 : this.#startsWith(1) ? 1 : 0;
    if (quotes > 0 && !this.#endsWith(quotes)) return undefined;
    return this.#characters.slice(this.#start + quotes, this.#end - quotes).join('');
  }

  #startsWith(quotes: number): boolean {
    return this.#allQuotes(this.#start, this.#start + quotes);
  }

  /** The closing quotes must not overlap the opening ones. */
  #endsWith(quotes: number): boolean {
    return this.#end - this.#start >= 2 * quotes && this.#allQuotes(this.#end - quotes, this.#end);
  }

  #allQuotes(from: number, to: number): boolean {
    for (let index = from; index < to; index++) if (this.#characters[index] !== QUOTE) return false;
    return true;
  }
}
