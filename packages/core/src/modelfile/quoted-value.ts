const QUOTE = '"';

/**
 * The text of a value while it is read. It knows at every moment whether its quotes are closed, without looking at the
 * whole text again: a license may have thousands of lines.
 */
export class ValueText {
  readonly #characters: string[] = [];
  /** The part without the white space around it. */
  #start = -1;
  #end = 0;

  add(character: string): void {
    this.#characters.push(character);
    if (character === ' ' || character === '\t' || character === '\n' || character === '\r') return;
    if (this.#start < 0) this.#start = this.#characters.length - 1;
    this.#end = this.#characters.length;
  }

  /** The value without its quotes; nothing while a quote is open. There are no escapes. */
  read(): string | undefined {
    if (this.#start < 0) return '';
    const quotes = this.#startsWith(3) ? 3 : this.#startsWith(1) ? 1 : 0;
    if (quotes > 0 && !this.#endsWith(quotes)) return undefined;
    return this.#characters.slice(this.#start + quotes, this.#end - quotes).join('');
  }

  #startsWith(quotes: number): boolean {
    return this.#allQuotes(this.#start, this.#start + quotes);
  }

  /** The closing quotes must be others than the opening ones. */
  #endsWith(quotes: number): boolean {
    return this.#end - this.#start >= 2 * quotes && this.#allQuotes(this.#end - quotes, this.#end);
  }

  #allQuotes(from: number, to: number): boolean {
    for (let index = from; index < to; index++) if (this.#characters[index] !== QUOTE) return false;
    return true;
  }
}
