import { sep } from 'node:path';
import { Minimatch, type MinimatchOptions } from 'minimatch';
import { Refusal } from '../tools/refusal.ts';

/** Nobody writes longer ones, and they take long to match. */
const MAX_CHARACTERS = 300;
const MAX_BRACES = 200;

/** A list has its own way to leave out; a `#` may begin the name of a file. */
const OPTIONS: MinimatchOptions = {
  // Names have slashes on every system here.
  platform: 'linux',
  nocomment: true,
  nonegate: true,
  magicalBraces: true,
  braceExpandMax: MAX_BRACES,
};

/** Whether a text may mean more than one path. Two slashes at its beginning name another machine, which nobody looks at. */
export function isPattern(text: string): boolean {
  if (/^[/\\]{2}/.test(text)) return false;
  if (isExclusion(text)) return true;
  return /[*?[{(]/.test(text) && (text.length > MAX_CHARACTERS || new Minimatch(slashed(text), OPTIONS).hasMagic());
}

/** `!(a|b)` is a pattern of its own. */
export const isExclusion = (text: string): boolean => /^!(?!\()/.test(text);

/** A pattern such as `src/**\/*.md`. */
export class FilePattern {
  /** As it was written. */
  readonly text: string;
  /** The folder to look in: what comes before the first sign of a pattern. */
  readonly base: string;
  /** It goes up from a folder, or has what no path has. */
  readonly leadsOut: boolean;
  readonly #matcher: Minimatch;

  /** @throws Refusal if it is too long. */
  constructor(text: string) {
    const parts = partsOf(text);
    const first = parts.findIndex((part) => /[*?[\]{}()!+@\\]/.test(part));
    this.text = text;
    this.leadsOut = parts.includes('..') || text.includes('\0');
    const base = parts.slice(0, Math.max(first, 0)).join('/');
    this.base = base === '' && parts[0] === '' ? '/' : base;
    this.#matcher = new Minimatch(parts.join('/'), OPTIONS);
  }

  matches(name: string): boolean {
    return this.#matcher.match(name);
  }

  /** Whether a file that matches may be below this folder. What packages bring along is looked at only if it is named. */
  mayBeIn(name: string, folder: string): boolean {
    if (folder === 'node_modules' && !this.text.includes(folder)) return false;
    return this.#matcher.match(name, true);
  }
}

/** What a list leaves out: `!*.test.ts` anywhere, `!src/generated` with all that is below. */
export class Exclusion {
  readonly #matchers: readonly Minimatch[];

  constructor(text: string) {
    const pattern = partsOf(text.slice(1)).join('/');
    const anywhere = pattern.includes('/') ? pattern : `**/${pattern}`;
    this.#matchers = [anywhere, `${anywhere}/**`].map((one) => new Minimatch(one, { ...OPTIONS, dot: true }));
  }

  matches(name: string): boolean {
    return this.#matchers.some((matcher) => matcher.match(name));
  }
}

const slashed = (text: string) => (sep === '\\' ? text.replaceAll('\\', '/') : text);

/** The parts between slashes; the first one of an absolute path is empty. */
function partsOf(text: string): string[] {
  if (text.length > MAX_CHARACTERS) {
    throw new Refusal(`A pattern in files has ${text.length} characters; ${MAX_CHARACTERS} is the most.`);
  }
  const [first = '', ...others] = slashed(text).split('/');
  const inner = [first, ...others].filter((part) => part !== '' && part !== '.');
  return first === '' && others.length > 0 ? ['', ...inner] : inner;
}
