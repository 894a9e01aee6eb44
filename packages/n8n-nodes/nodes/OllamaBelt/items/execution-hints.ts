import type { Notice } from '@ollama-toolbelt/core/neutral';
import { accumulateTokenUsage, type IExecuteFunctions } from 'n8n-workflow';
import type { NodeNotice } from '../../shared/answer-notes.ts';
import { noticeText } from '../../shared/wording.ts';
import type { Counts } from './counts.ts';

/** A load longer than this is worth a notice. */
const LONG_LOAD_MS = 5_000;

/** A notice, and what it is about if there may be several of its kind. */
type Named = { code: string; option?: string; field?: string; command?: string };

const keyOf = ({ code, option, field, command }: Named): string => `${code} ${option ?? field ?? command}`;

/** Collects the notices of a run of the node. */
export class ExecutionHints {
  readonly #context: IExecuteFunctions;
  /** The items that each notice applies to, by its key: the texts of several answers may differ in numbers. */
  readonly #notices = new Map<string, { message: string; items: Set<number> }>();
  #longestLoadMs = 0;

  constructor(context: IExecuteFunctions) {
    this.#context = context;
  }

  /** Adds an answer, and updates n8n's own token count at once. */
  add(itemIndex: number, answer: Counts, notices: readonly Notice[] = []): void {
    const { prompt_eval_count: input = 0, eval_count: output = 0, load_duration: load = 0 } = answer;
    // n8n before 2.16 has no such function.
    if (typeof accumulateTokenUsage === 'function' && input + output > 0) {
      accumulateTokenUsage(this.#context, input, output);
    }
    this.#longestLoadMs = Math.max(this.#longestLoadMs, load / 1e6);
    for (const notice of notices) this.#note(itemIndex, keyOf(notice), noticeText(notice));
  }

  /** Adds a notice by the node itself. */
  note(itemIndex: number, notice: NodeNotice): void {
    this.#note(itemIndex, keyOf(notice), notice.message);
  }

  #note(itemIndex: number, key: string, message: string): void {
    const known = this.#notices.get(key) ?? { message, items: new Set() };
    this.#notices.set(key, known);
    known.items.add(itemIndex);
  }

  /** Shows the notices with the output, each once, however many items it applies to. */
  show(itemCount: number): void {
    const texts = [...this.#notices.values()].map(({ message, items }) =>
      itemCount === 1 ? message : `${message} (${itemWords([...items].sort((a, b) => a - b))})`,
    );
    for (const message of texts) this.#hint(message, 'warning');
    if (this.#longestLoadMs < LONG_LOAD_MS) return;
    const seconds = Math.round(this.#longestLoadMs / 1000);
    this.#hint(`Loading the model took ${seconds} s. The option Keep Alive keeps it loaded for longer.`, 'info');
  }

  #hint(message: string, type: 'info' | 'warning'): void {
    this.#context.addExecutionHints?.({ message, type, location: 'outputPane' });
  }
}

const SHOWN_ITEMS = 5;

function itemWords(items: readonly number[]): string {
  const shown = items.slice(0, SHOWN_ITEMS).join(', ');
  return `${items.length === 1 ? 'item' : 'items'} ${shown}${items.length > SHOWN_ITEMS ? ', …' : ''}`;
}
