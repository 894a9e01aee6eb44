/**
 * Finds the first JSON value of a body the way Go's decoder does, because its error messages go to the client
 * unchanged. Anything after the first value is ignored.
 */
export class GoSyntaxError extends Error {
  override readonly name = 'GoSyntaxError';
}

const spaces = ' \t\r\n';
const endOfInput = () => new GoSyntaxError('unexpected EOF');

/** The parsed value, or undefined if the body contains only white space. */
export function parseFirstValue(text: string): { value: unknown } | undefined {
  const scanner = new Scanner(text);
  const start = scanner.skipSpaces(0);
  if (start >= text.length) return undefined;
  return { value: JSON.parse(text.slice(start, scanner.value(start))) };
}

function quoteCharacter(character: string): string {
  if (character === "'") return "'\\''";
  if (character === '"') return "'\"'";
  return `'${JSON.stringify(character).slice(1, -1)}'`;
}

class Scanner {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  skipSpaces(from: number): number {
    let at = from;
    while (at < this.#text.length && spaces.includes(this.#text[at]!)) at++;
    return at;
  }

  /** The index after the value that begins at `at`. */
  value(at: number): number {
    const first = this.#at(at);
    if (first === '{') return this.#object(at + 1);
    if (first === '[') return this.#array(at + 1);
    if (first === '"') return this.#string(at + 1);
    if (first === '-' || isDigit(first)) return this.#number(at);
    for (const word of ['true', 'false', 'null']) if (word[0] === first) return this.#literal(at, word);
    throw this.#unexpected(at, 'looking for beginning of value');
  }

  #object(from: number): number {
    let at = this.skipSpaces(from);
    if (this.#at(at) === '}') return at + 1;
    for (;;) {
      if (this.#at(at) !== '"') throw this.#unexpected(at, 'looking for beginning of object key string');
      at = this.skipSpaces(this.#string(at + 1));
      if (this.#at(at) !== ':') throw this.#unexpected(at, 'after object key');
      at = this.skipSpaces(this.value(this.skipSpaces(at + 1)));
      if (this.#at(at) === '}') return at + 1;
      if (this.#at(at) !== ',') throw this.#unexpected(at, 'after object key:value pair');
      at = this.skipSpaces(at + 1);
    }
  }

  #array(from: number): number {
    let at = this.skipSpaces(from);
    if (this.#at(at) === ']') return at + 1;
    for (;;) {
      at = this.skipSpaces(this.value(at));
      if (this.#at(at) === ']') return at + 1;
      if (this.#at(at) !== ',') throw this.#unexpected(at, 'after array element');
      at = this.skipSpaces(at + 1);
    }
  }

  #string(from: number): number {
    for (let at = from; ; at++) {
      const character = this.#at(at);
      if (character === '"') return at + 1;
      if (character < ' ') throw this.#unexpected(at, 'in string literal');
      if (character !== '\\') continue;
      at++;
      if (!'"\\/bfnrtu'.includes(this.#at(at))) throw this.#unexpected(at, 'in string escape code');
      if (this.#at(at) !== 'u') continue;
      for (let digit = 0; digit < 4; digit++) {
        at++;
        if (!/[0-9a-f]/i.test(this.#at(at))) throw this.#unexpected(at, 'in \\u hexadecimal character escape');
      }
    }
  }

  #number(from: number): number {
    let at = this.#text[from] === '-' ? from + 1 : from;
    if (!isDigit(this.#at(at))) throw this.#unexpected(at, 'in numeric literal');
    at = this.#text[at] === '0' ? at + 1 : this.#digits(at);
    if (this.#text[at] === '.') {
      if (!isDigit(this.#at(at + 1))) throw this.#unexpected(at + 1, 'after decimal point in numeric literal');
      at = this.#digits(at + 1);
    }
    if (/[eE]/.test(this.#text[at] ?? '')) {
      at += /[+-]/.test(this.#at(at + 1)) ? 2 : 1;
      if (!isDigit(this.#at(at))) throw this.#unexpected(at, 'in exponent of numeric literal');
      at = this.#digits(at);
    }
    return at;
  }

  #literal(from: number, word: string): number {
    for (let index = 1; index < word.length; index++) {
      if (this.#at(from + index) === word[index]) continue;
      throw this.#unexpected(from + index, `in literal ${word} (expecting ${quoteCharacter(word[index]!)})`);
    }
    return from + word.length;
  }

  #digits(from: number): number {
    let at = from;
    while (isDigit(this.#text[at] ?? '')) at++;
    return at;
  }

  #at(index: number): string {
    const character = this.#text[index];
    if (character === undefined) throw endOfInput();
    return character;
  }

  #unexpected(at: number, context: string): GoSyntaxError {
    return new GoSyntaxError(`invalid character ${quoteCharacter(this.#at(at))} ${context}`);
  }
}

const isDigit = (character: string) => character >= '0' && character <= '9' && character.length === 1;
