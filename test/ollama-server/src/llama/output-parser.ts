import { startAtEnd } from './stop-text.ts';

export type OutputDelta =
  | { thinking: string }
  | { content: string }
  | { toolCall: { name: string; arguments: Record<string, unknown> } };

export interface OutputParserSettings {
  /** `'open'` if the prompt ended inside `<think>`, true if the model may open it itself. */
  think?: boolean | 'open';
  /** Whether to look for tool calls; otherwise their text is content. */
  tools?: boolean;
}

const THINK = '<think>';
const THINK_END = '</think>';
const CALL = '<tool_call>';
const CALL_END = '</tool_call>';

/** Splits a model's text, as it arrives, into thinking, answer and tool calls. */
export class OutputParser {
  readonly #tools: boolean;
  #state: 'before' | 'thinking' | 'content' | 'call';
  /** Text that is not reported yet: white space that may lead to nothing, the start of a tag, an incomplete call. */
  #held = '';
  /** White space is dropped until other text comes: after `<think>`, `</think>` and a call. */
  #trim = true;

  constructor({ think = false, tools = false }: OutputParserSettings) {
    this.#tools = tools;
    this.#state = think === 'open' ? 'thinking' : think ? 'before' : 'content';
    if (!think) this.#trim = false;
  }

  push(text: string): OutputDelta[] {
    this.#held += text;
    const deltas: OutputDelta[] = [];
    while (this.#step(deltas));
    return deltas;
  }

  /** The held-back text, once the model has ended. */
  end(): OutputDelta[] {
    const rest = this.#held;
    this.#held = '';
    if (this.#state === 'call') return [parseCall(rest) ?? { content: `${CALL}${rest}` }];
    if (rest === '' || (this.#trim && rest.trim() === '')) return [];
    return [this.#state === 'thinking' ? { thinking: rest } : { content: rest }];
  }

  /** Takes one step; false if more text is needed. */
  #step(deltas: OutputDelta[]): boolean {
    switch (this.#state) {
      case 'before': {
        const text = this.#held.trimStart();
        if (text.startsWith(THINK)) return this.#enter('thinking', text.slice(THINK.length));
        if (THINK.startsWith(text)) return false;
        // An answer without thinking keeps its white space.
        this.#trim = false;
        return this.#enter('content', this.#held);
      }
      case 'thinking':
        if (this.#tell(THINK_END, (thinking) => deltas.push({ thinking }))) return this.#enter('content', this.#held);
        return false;
      case 'content':
        if (this.#tell(this.#tools ? CALL : undefined, (content) => deltas.push({ content }))) {
          return this.#enter('call', this.#held);
        }
        return false;
      case 'call': {
        const end = this.#held.indexOf(CALL_END);
        if (end === -1) return false;
        const text = this.#held.slice(0, end);
        deltas.push(parseCall(text) ?? { content: `${CALL}${text}${CALL_END}` });
        this.#trim = true;
        return this.#enter('content', this.#held.slice(end + CALL_END.length));
      }
      default:
        return this.#state satisfies never;
    }
  }

  #enter(state: 'thinking' | 'content' | 'call', held: string): true {
    this.#state = state;
    this.#held = held;
    return true;
  }

  /**
   * Reports the text before the tag, or as much of it as cannot be part of one; true if the tag was there, and removes
   * it.
   */
  #tell(tag: string | undefined, tell: (text: string) => void): boolean {
    if (this.#trim) this.#held = this.#held.trimStart();
    const at = tag === undefined ? -1 : this.#held.indexOf(tag);
    const end = at !== -1 ? at : this.#held.length - (tag === undefined ? 0 : startAtEnd(this.#held, tag));
    if (end > 0) {
      tell(this.#held.slice(0, end));
      this.#trim = false;
    }
    this.#held = this.#held.slice(at === -1 || tag === undefined ? end : end + tag.length);
    if (at !== -1) this.#trim = true;
    return at !== -1;
  }
}

function parseCall(text: string): OutputDelta | undefined {
  try {
    const call: unknown = JSON.parse(text);
    if (!isObject(call) || typeof call['name'] !== 'string') return undefined;
    const given = call['arguments'] ?? call['parameters'] ?? {};
    return isObject(given) ? { toolCall: { name: call['name'], arguments: given } } : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
