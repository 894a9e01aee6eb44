import { type EmbedResponse, OllamaError } from '@ollama-toolbelt/core/neutral';
import { plainLine } from '../plain-text.ts';
import { Refusal } from '../refusal.ts';
import type { FileAccess, FoundFile, TextFile, ToolContext } from '../tool-context.ts';
import { type Candidate, named, type Ranking } from './ranking.ts';
import { splitText } from './split-text.ts';

/** About 300 tokens, which most small embedding models accept, then smaller sizes for the others. */
const PART_CHARACTERS = [1200, 600, 300] as const;
/** Maximum number of parts in memory with their vectors. */
const PARTS_AT_ONCE = 512;
const MAX_PARTS = 100_000;
/** Reading a small file is mostly waiting for the disk. */
const READ_AT_ONCE = 8;
/** Maximum number of files named in a notice. */
const MAX_NAMED = 3;

interface Notice {
  code: string;
  message: string;
}

/** Files that could not be compared. */
export interface LeftOut {
  notices: Notice[];
  /** Whether there were too many parts. */
  isPartial: boolean;
}

interface Ways extends Pick<ToolContext, 'progress' | 'signal'> {
  /** Embeds the query. Called once, if there are parts to compare. */
  begin: () => Promise<void>;
  embed: (texts: string[]) => Promise<EmbedResponse>;
  ranking: Ranking;
}

/**
 * Ranks the parts of files, some files at a time. Files found by a pattern are left out if they are not text.
 *
 * @throws Refusal if a file given by name cannot be read, or none of the files can.
 */
export async function rankFiles(found: readonly FoundFile[], access: FileAccess, ways: Ways): Promise<LeftOut> {
  const { ranking, progress, signal } = ways;
  const parts = new Parts(ways);
  const unread: string[] = [];
  for (let done = 0; done < found.length; done += READ_AT_ONCE) {
    signal.throwIfAborted();
    if (ranking.count >= MAX_PARTS) {
      await parts.finish();
      return { notices: [...unreadNotice(unread), restNotice(found.length - done)], isPartial: true };
    }
    const next = found.slice(done, done + READ_AT_ONCE);
    const message = `${done} of ${found.length} files, ${plainLine(next[0]?.name ?? '')}`;
    progress.report(done, message, { total: found.length });
    for (const read of await Promise.all(next.map((file) => readFound(file, access)))) {
      if (typeof read === 'string') unread.push(read);
      else await parts.add(read);
    }
  }
  await parts.finish();
  progress.report(found.length, `${found.length} of ${found.length} files`, { total: found.length });
  if (unread.length === found.length && ranking.count === 0)
    throw new Refusal('None of the files can be ranked.', unread[0]);
  return { notices: unreadNotice(unread), isPartial: false };
}

/** The file, or the reason for leaving it out. */
async function readFound({ name, byPattern }: FoundFile, access: FileAccess): Promise<TextFile | string> {
  try {
    return await access.readText(name);
  } catch (error) {
    if (!(error instanceof Refusal) || !byPattern) throw error;
    return error.message;
  }
}

/** Collects parts of files, and embeds them once there are enough for a few requests. */
class Parts {
  readonly #ways: Ways;
  #isBegun = false;
  #parts: Candidate[] = [];
  /** Index of the size that the model accepts. */
  #size = 0;

  constructor(ways: Ways) {
    this.#ways = ways;
  }

  async add({ name: file, text, release }: TextFile): Promise<void> {
    try {
      this.#parts.push(...this.#cut({ file, line: 1, text }));
      while (this.#parts.length >= PARTS_AT_ONCE) await this.#rank(this.#parts.splice(0, PARTS_AT_ONCE));
    } finally {
      release();
    }
  }

  /** Embeds the remaining parts. */
  async finish(): Promise<void> {
    await this.#begin();
    await this.#rank(this.#parts.splice(0));
  }

  /** Starts late, so an unreadable file is reported before anything is sent. */
  async #begin(): Promise<void> {
    if (!this.#isBegun) await this.#ways.begin();
    this.#isBegun = true;
  }

  async #rank(parts: readonly Candidate[]): Promise<void> {
    if (parts.length === 0) return;
    await this.#begin();
    const { embed, ranking } = this.#ways;
    try {
      ranking.add(parts, await embed(parts.map(({ text }) => text)));
    } catch (error) {
      const isTooLong = error instanceof OllamaError && error.code === 'context_exceeded';
      if (!isTooLong || this.#size === PART_CHARACTERS.length - 1) {
        return named((index) => `${parts[index]?.file}, line ${parts[index]?.line}`)(error);
      }
      this.#size += 1;
      const smaller = parts.flatMap((part) => this.#cut(part));
      while (smaller.length > 0) await this.#rank(smaller.splice(0, PARTS_AT_ONCE));
    }
  }

  #cut({ line: first = 1, text, ...part }: Candidate): Candidate[] {
    const most = PART_CHARACTERS[this.#size] ?? PART_CHARACTERS[0];
    return splitText(text, most).map(({ text, line }) => ({ ...part, line: first + line - 1, text }));
  }
}

function unreadNotice(reasons: readonly string[]): Notice[] {
  if (reasons.length === 0) return [];
  const others = reasons.length - MAX_NAMED;
  const more = others > 0 ? ` And ${others} more.` : '';
  return [{ code: 'files_left_out', message: `Left out: ${reasons.slice(0, MAX_NAMED).join(' ')}${more}` }];
}

const restNotice = (count: number): Notice => ({
  code: 'files_left',
  message: `The last ${count} files were not compared: ${MAX_PARTS} parts are the most. Name fewer files.`,
});
