import { plainLine } from '../plain-text.ts';
import type { Answer, Answers, OneOfMany } from './answer.ts';

/** Failures listed in a result. The output has all of them. */
const MAX_FAILURES = 3;
const MAX_CHARACTERS = 200;

interface TallyOptions {
  /** Path of the output file, if there is one. */
  output: string | undefined;
  /** Whether the call continues as a job when its time is over. */
  canGoOn: boolean;
}

/** Counts the answers about files. */
export class FileTally {
  readonly #model: string;
  readonly #names: readonly string[];
  readonly #output: string | undefined;
  readonly #canGoOn: boolean;
  readonly #answers: OneOfMany[] = [];
  readonly #failures: string[] = [];
  readonly #usage = { prompt_tokens: 0, answer_tokens: 0 };
  #answered = 0;
  #kept = 0;
  #failed = 0;

  constructor(model: string, names: readonly string[], { output, canGoOn }: TallyOptions) {
    this.#model = model;
    this.#names = names;
    this.#output = output;
    this.#canGoOn = canGoOn;
  }

  get done(): number {
    return this.#answered + this.#kept + this.#failed;
  }

  /** The output already has an answer. */
  keep(): void {
    this.#kept += 1;
  }

  answer(index: number, { text, parsed, thinking, tool_calls, partial, notices, usage }: Answer): void {
    this.#answered += 1;
    for (const name of ['prompt_tokens', 'answer_tokens'] as const) this.#usage[name] += usage[name] ?? 0;
    if (this.#output !== undefined) return;
    this.#answers[index] = {
      file: this.#nameOf(index),
      text,
      ...(parsed !== undefined && { parsed }),
      ...(thinking !== undefined && { thinking }),
      ...(tool_calls !== undefined && { tool_calls }),
      ...(partial !== undefined && { partial }),
      ...(notices !== undefined && { notices }),
    };
  }

  fail(index: number, error: string): void {
    this.#failed += 1;
    if (this.#output === undefined) this.#answers[index] = { file: this.#nameOf(index), error };
    else if (this.#failures.length < MAX_FAILURES)
      this.#failures.push(`${this.#nameOf(index)}: ${plainLine(error.replaceAll('\n', ' ')).slice(0, MAX_CHARACTERS)}`);
  }

  #nameOf(index: number): string {
    return this.#names[index] ?? '';
  }

  /** @param isStopped whether the remaining files are skipped */
  value(isStopped = false): Answers {
    const isWritten = this.#output !== undefined;
    const notices = [...this.#failureNotice(), ...this.#restNotice(isStopped)];
    return {
      model: this.#model,
      ...(isWritten
        ? { output: this.#counts(this.#output) }
        : { answers: this.#names.map((file, index) => this.#answers[index] ?? this.#unasked(file, isStopped)) }),
      ...(isStopped && { partial: true }),
      ...(notices.length > 0 && { notices }),
      usage: Object.fromEntries(Object.entries(this.#usage).filter(([, count]) => count > 0)),
    };
  }

  #unasked(file: string, isStopped: boolean): OneOfMany {
    return isStopped ? { file, error: 'Not asked about.' } : { file, partial: true };
  }

  #counts(path: string): Answers['output'] {
    return {
      path,
      files: this.#names.length,
      answered: this.#answered,
      kept: this.#kept,
      failed: this.#failed,
    };
  }

  #failureNotice() {
    if (this.#failures.length === 0) return [];
    const others = this.#failed - this.#failures.length;
    const more = others > 0 ? `\nAnd ${others} more.` : '';
    return [{ code: 'files_failed', message: `Failed: ${this.#failures.join('\n')}${more}` }];
  }

  #restNotice(isStopped: boolean) {
    const left = this.#names.length - this.done;
    const again = this.#output === undefined ? '' : ' The same call again continues with them.';
    if (left === 0 || (!isStopped && (this.#canGoOn || again === ''))) return [];
    const why = isStopped ? 'not asked about' : 'left';
    return [{ code: 'files_left', message: `Files ${why}: ${left}.${again}` }];
  }
}
