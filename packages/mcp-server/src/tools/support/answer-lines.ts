import { Refusal } from '../refusal.ts';
import type { OutputFile } from '../tool-context.ts';
import type { OneOfMany } from './answer.ts';

/** The answer about one file, as a line of the output. */
export interface AnswerLine extends Omit<OneOfMany, 'file'> {
  /** The first field, so the beginning of a line shows its file. */
  file: string;
  /** Hash of everything that affects the answer. If it is unchanged, the model need not be asked again. */
  key: string;
}

const BEGINNING = '{"file":';

/** The answers in an output file: one line of JSON for each file. */
export class AnswerLines {
  readonly #output: OutputFile;
  /** By file. If a file has two lines, the later one counts. */
  readonly #lines = new Map<string, { key: string; isAnswer: boolean; text: string }>();
  /** The current content of the file, in pieces: looking at one long text takes longer with each answer. */
  readonly #written: string[];
  /** What completes a line that a killed process has begun. */
  #lineEnd: '' | '\n';

  /** @throws Refusal if the file contains anything else. */
  constructor(output: OutputFile) {
    this.#output = output;
    this.#written = [output.content];
    this.#lineEnd = /[^\n]$/.test(output.content) ? '\n' : '';
    for (const text of output.content.split('\n')) if (text.trim() !== '') this.#read(text);
  }

  #read(text: string): void {
    const line = lineIn(text);
    // A process that was killed while writing leaves a partial line.
    if (line === 'beginning') return;
    if (line === undefined) {
      throw new Refusal(
        `output: ${this.#output.path} already exists, and contains something other than answers of this tool.`,
        'Choose another name, or remove it first.',
      );
    }
    this.#lines.set(line.file, { key: line.key, isAnswer: line.error === undefined, text });
  }

  /** Whether there is an answer with this key. */
  has(file: string, key: string): boolean {
    const line = this.#lines.get(file);
    return line?.key === key && line.isAnswer;
  }

  /** Whether there is an answer to any question. */
  hasAnswer(file: string): boolean {
    return this.#lines.get(file)?.isAnswer === true;
  }

  async add(answer: AnswerLine): Promise<void> {
    const text = JSON.stringify(answer);
    const piece = `${this.#lineEnd}${text}\n`;
    await this.#output.append(piece);
    this.#lineEnd = '';
    this.#written.push(piece);
    this.#lines.set(answer.file, { key: answer.key, isAnswer: answer.error === undefined, text });
  }

  /** Keeps one line for each file. Puts these files last, in their order. */
  async tidy(files: readonly string[]): Promise<void> {
    const last = new Set(files);
    const names = [...[...this.#lines.keys()].filter((name) => !last.has(name)), ...files];
    const texts = names.map((name) => this.#lines.get(name)?.text).filter((text) => text !== undefined);
    const tidy = texts.map((text) => `${text}\n`).join('');
    if (tidy !== this.#written.join('')) await this.#output.replace(tidy);
  }
}

function lineIn(text: string): { file: string; key: string; error?: unknown } | 'beginning' | undefined {
  if (!text.startsWith(BEGINNING)) return BEGINNING.startsWith(text) ? 'beginning' : undefined;
  try {
    const { file, key, error } = JSON.parse(text) as Record<string, unknown>;
    return typeof file === 'string' && typeof key === 'string' ? { file, key, error } : undefined;
  } catch {
    return 'beginning';
  }
}
