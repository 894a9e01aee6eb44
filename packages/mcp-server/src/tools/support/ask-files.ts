import { canonicalModel, OllamaError, runParallel } from '@ollama-toolbelt/core/neutral';
import { shownModel } from '../ollama-server.ts';
import { plainLine } from '../plain-text.ts';
import { Refusal } from '../refusal.ts';
import { type FileAccess, type FoundFile, silentProgress, type TextFile, type ToolContext } from '../tool-context.ts';
import type { Answer, Answers } from './answer.ts';
import { AnswerLines } from './answer-lines.ts';
import { type Question, readAnswer } from './ask-model.ts';
import { type Attachments, taggedText } from './attachments.ts';
import { FileTally } from './file-tally.ts';
import { GrowingAnswer } from './growing-answer.ts';
import { readImages } from './read-images.ts';

/** Limit for answers in a result. */
const MAX_SHOWN = 100;
/** Limit for answers in an output file. */
const MAX_WRITTEN = 10_000;
/** Stops after this many failures in a row that are not caused by the files themselves. */
const MAX_IN_VAIN = 3;

/** Failures of the server, the model or the whole call. */
const inVain: ReadonlySet<string> = new Set([
  'model_not_found',
  'unauthorized',
  'forbidden',
  'quota_exceeded',
  'unsupported',
  'wrong_server',
  'redirect',
  'refused',
  'dns',
  'tls',
  'connection_failed',
]);

/** The arguments of a call with `for_each`, for any tool. */
interface FileArguments {
  model: string;
  prompts?: readonly string[] | undefined;
  files?: readonly string[] | undefined;
  for_each?: 'file' | undefined;
  output?: string | undefined;
  images?: readonly string[] | undefined;
  keep_alive?: unknown;
}

/** The question about one file. */
type QuestionAbout = (attachments: Attachments) => Question;

/**
 * Whether a call asks about each file separately.
 *
 * @throws Refusal for arguments that do not go with `for_each`, or need it.
 */
export function isForEach({ for_each, files = [], prompts, output }: FileArguments): boolean {
  if (for_each === undefined) {
    if (output !== undefined) throw new Refusal('output needs for_each: "file".');
    return false;
  }
  if (files.length === 0) throw new Refusal('for_each: "file" needs files: paths, or patterns such as "src/**/*.md".');
  if (prompts !== undefined) throw new Refusal('for_each takes one prompt: prompts cannot be combined with it.');
  return true;
}

/**
 * Asks about each file separately, some at a time. A failure takes the place of the answer. With an output, the answers
 * are written there, and files that already have one are skipped.
 */
export async function askFiles<Arguments extends FileArguments>(
  args: Arguments,
  context: ToolContext<Answers>,
  questionAbout: QuestionAbout,
): Promise<Answers> {
  const { files: access, signal } = context;
  if (access === undefined) throw new Refusal('No folder is allowed.', 'See --allow-dir.');
  // Omit the arguments that do not affect the answers.
  const { model, files = [], for_each: _, output: path, keep_alive: __, ...shaping } = args;
  const isWritten = path !== undefined;
  const most = isWritten ? MAX_WRITTEN : MAX_SHOWN;
  const found = await access.find(files, { most, hint: moreHint(isWritten, access), signal });
  const images = await readImages(args.images ?? [], access);
  const output = isWritten ? await access.openOutput?.(path) : undefined;
  try {
    const names = await withoutOutput(found, output?.path, access);
    const work: FileWork = {
      model,
      images,
      asked: JSON.stringify({ model: canonicalModel(model), ...shaping, images }),
      questionAbout,
      names,
      access,
      lines: output && new AnswerLines(output),
      tally: new FileTally(model, names, { output: output?.path, canGoOn: context.session !== undefined }),
    };
    return await new FileRun(work, context).run();
  } finally {
    await output?.close();
  }
}

const moreHint = (isWritten: boolean, access: FileAccess): string => {
  if (isWritten) return 'Make several calls; they may use the same output.';
  return access.openOutput === undefined
    ? `A server with --allow-write writes the answers to up to ${MAX_WRITTEN} into a file.`
    : `With output, the answers to up to ${MAX_WRITTEN} go into a file.`;
};

/** Names of the files, without duplicates. A pattern never matches the output itself. */
async function withoutOutput(found: readonly FoundFile[], output: string | undefined, access: FileAccess) {
  const names = new Set(found.map(({ name }) => name));
  const last = output?.split(/[/\\]/).at(-1);
  for (const { name, byPattern } of found) {
    const mayBeIt = byPattern && last !== undefined && name.endsWith(last);
    if (mayBeIt && (await access.resolve(name).catch(() => undefined)) === output) names.delete(name);
  }
  return [...names];
}

interface FileWork {
  model: string;
  images: string[];
  /** Everything that affects the answers, except the files. */
  asked: string;
  questionAbout: QuestionAbout;
  names: readonly string[];
  access: FileAccess;
  lines: AnswerLines | undefined;
  tally: FileTally;
}

/** The outcome for one file. */
interface FileOutcome {
  key: string;
  isKnown?: true;
  answer?: Answer;
  error?: unknown;
}

class FileRun {
  readonly #work: FileWork;
  readonly #context: ToolContext<Answers>;
  /** Context that a file needed. The next large file can use the model as it is loaded. */
  #numCtx: number | undefined;
  #inVain = 0;
  /** Whether to skip the remaining files. */
  #isStopped = false;

  constructor(work: FileWork, context: ToolContext<Answers>) {
    this.#work = work;
    this.#context = context;
  }

  async run(): Promise<Answers> {
    const { names, lines, tally } = this.#work;
    const { partial, signal, concurrency } = this.#context;
    partial({ value: () => tally.value(), isWorthIt: () => tally.done > 0 });
    this.#report(names[0]);
    try {
      await runParallel(names.entries(), concurrency, signal, ([index, name]) => this.#answer(index, name));
    } catch (error) {
      // The answers so far are already in the file.
      await lines?.tidy(names).catch(() => {});
      throw error;
    }
    await lines?.tidy(names);
    return tally.value(this.#isStopped);
  }

  async #answer(index: number, name: string): Promise<void> {
    if (this.#isStopped) return;
    const { lines, tally } = this.#work;
    const { key, isKnown, answer, error } = await this.#outcome(name);
    if (isKnown) tally.keep();
    else if (answer !== undefined) {
      await lines?.add({ file: name, ...answer, model: shownModel(this.#context.server, answer.model), key });
      tally.answer(index, answer);
    } else {
      const words = await this.#context.explain(error);
      // An answer about an older version of the file is more useful than a failure.
      if (!lines?.hasAnswer(name)) await lines?.add({ file: name, error: words, key });
      tally.fail(index, words);
      this.#countVain(error);
    }
    if (answer !== undefined) this.#inVain = 0;
    this.#report(name);
  }

  async #outcome(name: string): Promise<FileOutcome> {
    let key = '';
    let file: TextFile | undefined;
    try {
      file = await this.#work.access.readText(name);
      key = await hashOf(`${this.#work.asked}\n${file.text}`);
      if (this.#work.lines?.has(name, key)) return { key, isKnown: true };
      this.#report(name);
      return { key, answer: await this.#ask(file) };
    } catch (error) {
      return { key, error };
    } finally {
      file?.release();
    }
  }

  #countVain(error: unknown): void {
    this.#inVain = error instanceof OllamaError && inVain.has(error.code) ? this.#inVain + 1 : 0;
    this.#isStopped ||= this.#inVain >= MAX_IN_VAIN;
  }

  #ask(file: TextFile): Promise<Answer> {
    const { model, images, questionAbout } = this.#work;
    const question = questionAbout({ text: taggedText(file), images });
    const options = this.#numCtx === undefined ? question.options : { num_ctx: this.#numCtx, ...question.options };
    const onContext = (numCtx: number) => {
      this.#numCtx = Math.max(this.#numCtx ?? 0, numCtx);
    };
    // Progress counts files.
    return readAnswer({ ...question, options, onContext }, new GrowingAnswer({ model }, silentProgress), this.#context);
  }

  #report(name: string | undefined): void {
    const { names, tally } = this.#work;
    const of = `${tally.done} of ${names.length} files`;
    const message = name === undefined ? of : `${of}, ${plainLine(name)}`;
    this.#context.progress.report(tally.done, message, { total: names.length });
  }
}

async function hashOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
