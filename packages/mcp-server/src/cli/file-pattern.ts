import { isAbsolute, sep } from 'node:path';
import { Minimatch, type MinimatchOptions } from 'minimatch';
import { Refusal } from '../tools/refusal.ts';

/** Longer patterns are not realistic, and slow to match. */
const MAX_CHARACTERS = 300;
const MAX_BRACES = 200;

/** Lists have their own exclusions, and a file name may start with `#`. */
const OPTIONS: MinimatchOptions = {
  // Names use slashes on every system here.
  platform: 'linux',
  nocomment: true,
  nonegate: true,
  magicalBraces: true,
  // One more than are accepted shows that there are too many.
  braceExpandMax: MAX_BRACES + 1,
};

/** Whether a text may match more than one path. Two leading slashes name another machine, which is never accessed. */
export function isPattern(text: string): boolean {
  if (/^[/\\]{2}/.test(text)) return false;
  if (isExclusion(text)) return true;
  return /[*?[{(]/.test(text) && (text.length > MAX_CHARACTERS || new Minimatch(slashed(text), OPTIONS).hasMagic());
}

/** `!(a|b)` is a pattern and not an exclusion. */
export const isExclusion = (text: string): boolean => /^!(?!\()/.test(text);

/** A pattern such as `src/**\/*.md`. */
export class FilePattern {
  /** The original text. */
  readonly text: string;
  /** The folder to search: the part before the first pattern character. */
  readonly base: string;
  /** Whether it goes up to a parent folder, or has characters that a path cannot have. */
  readonly leadsOut: boolean;
  readonly #matcher: Minimatch;

  /** @throws Refusal if it is too long, or has too many combinations of braces. */
  constructor(text: string) {
    const parts = partsOf(text);
    const first = parts.findIndex((part) => /[*?[\]{}()!+@\\]/.test(part));
    this.text = text;
    this.leadsOut = parts.includes('..') || text.includes('\0');
    const base = parts.slice(0, Math.max(first, 0)).join('/');
    this.base = base === '' && parts[0] === '' ? '/' : base;
    this.#matcher = matcherOf(parts.join('/'));
  }

  matches(name: string): boolean {
    return this.#matcher.match(name);
  }

  /** Whether a match may be below this folder. Folders of packages are only searched if the pattern names them. */
  mayBeIn(name: string, folder: string): boolean {
    if (folder === 'node_modules' && !this.text.includes(folder)) return false;
    return this.#matcher.match(name, true);
  }
}

/** An exclusion in a list: `!*.test.ts` in any folder, `!src/generated` with everything below it. */
export class Exclusion {
  readonly #matchers: readonly Minimatch[];
  readonly #isAbsolute: boolean;

  constructor(text: string) {
    const pattern = partsOf(text.slice(1)).join('/');
    const anywhere = pattern.includes('/') ? pattern : `**/${pattern}`;
    this.#isAbsolute = isAbsolute(pattern);
    this.#matchers = [anywhere, `${anywhere}/**`].map((one) => matcherOf(one, { dot: true }));
  }

  /** Whether a name is excluded. An exclusion for any folder does not mean those above the allowed ones. */
  matches(name: string): boolean {
    if (isAbsolute(name) !== this.#isAbsolute) return false;
    return this.#matchers.some((matcher) => matcher.match(slashed(name)));
  }
}

/** Combinations beyond the limit would be left out, and an exclusion that lost some would let files through. */
function matcherOf(pattern: string, options: MinimatchOptions = {}): Minimatch {
  const matcher = new Minimatch(pattern, { ...OPTIONS, ...options });
  if (matcher.braceExpand().length <= MAX_BRACES) return matcher;
  throw new Refusal(
    `A pattern in files has more than ${MAX_BRACES} combinations of braces.`,
    'Pass several patterns, with fewer braces each.',
  );
}

const slashed = (text: string) => (sep === '\\' ? text.replaceAll('\\', '/') : text);

/** The parts between slashes. The first part of an absolute path is empty. */
function partsOf(text: string): string[] {
  if (text.length > MAX_CHARACTERS) {
    throw new Refusal(`A pattern in files has ${text.length} characters; ${MAX_CHARACTERS} is the most.`);
  }
  const [first = '', ...others] = slashed(text).split('/');
  const inner = [first, ...others].filter((part) => part !== '' && part !== '.');
  return first === '' && others.length > 0 ? ['', ...inner] : inner;
}
