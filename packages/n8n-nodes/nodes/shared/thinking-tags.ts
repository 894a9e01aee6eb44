/** How models without the capability mark their thinking: at the start of their text. */
const TAGS: readonly [open: string, close: string][] = [
  ...['think', 'thinking', 'thought', 'reasoning'].map((name): [string, string] => [`<${name}>`, `</${name}>`]),
  ['[think]', '[/think]'],
];

export interface SplitText {
  text: string;
  thinking: string;
}

/** Removes `<think>…</think>` from the start of a text, piece by piece as the text arrives. */
export class ThinkingTags {
  /** Text that may still become a tag. */
  #held = '';
  /** The tag that ends the current thinking, if any. */
  #close: string | undefined;
  #isText = false;
  #isAfterThought = false;

  /** Everything known to be text or thinking after this piece. */
  add(piece: string): SplitText {
    if (this.#isText) return { text: piece, thinking: '' };
    this.#held += piece;
    return this.#close === undefined ? this.#start() : this.#thought(this.#close);
  }

  /** The rest at the end. An unclosed tag still counts as thinking. */
  end(): SplitText {
    const held = this.#held;
    this.#held = '';
    return this.#close === undefined ? { text: held, thinking: '' } : { text: '', thinking: held };
  }

  #start(): SplitText {
    const begin = this.#held.trimStart();
    const lower = begin.toLowerCase();
    const tag = TAGS.find(([open]) => lower.startsWith(open));
    if (tag) {
      this.#close = tag[1];
      this.#held = begin.slice(tag[0].length);
      return this.#thought(tag[1]);
    }
    if (TAGS.some(([open]) => open.startsWith(lower))) return { text: '', thinking: '' };
    this.#isText = true;
    const text = this.#isAfterThought ? begin : this.#held;
    this.#held = '';
    return { text, thinking: '' };
  }

  #thought(close: string): SplitText {
    const held = this.#held;
    const end = held.toLowerCase().indexOf(close);
    if (end >= 0) {
      this.#close = undefined;
      this.#isAfterThought = true;
      this.#held = held.slice(end + close.length);
      const { text, thinking } = this.#start();
      return { text, thinking: held.slice(0, end) + thinking };
    }
    // Its end may be the beginning of the closing tag.
    const mark = held.lastIndexOf(close[0] as string);
    const isOpen = mark >= 0 && close.startsWith(held.slice(mark).toLowerCase());
    this.#held = isOpen ? held.slice(mark) : '';
    return { text: '', thinking: isOpen ? held.slice(0, mark) : held };
  }
}

/** The same for a complete text. This also finds thinking whose opening tag is part of the model's template. */
export function splitThinking(whole: string): SplitText {
  const tags = new ThinkingTags();
  const [first, last] = [tags.add(whole), tags.end()];
  const [text, thinking] = [first.text + last.text, first.thinking + last.thinking];
  const lower = text.toLowerCase();
  for (const [open, close] of TAGS) {
    const end = lower.indexOf(close);
    if (end < 0 || lower.slice(0, end).includes(open)) continue;
    const after = text.slice(end + close.length);
    // A text about tags quotes them.
    if (/[`'"]/.test(after[0] ?? '') && text[end - 1] === after[0]) continue;
    return { text: after.trimStart(), thinking: (thinking + text.slice(0, end)).trim() };
  }
  return { text, thinking: thinking.trim() };
}
