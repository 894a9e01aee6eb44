import { parse, stringify, TomlError } from 'smol-toml';
import type { Path } from './entry-place.ts';
import { type FileFormat, lineEnd } from './file-format.ts';

/**
 * TOML, where each server is a table of its own: `[mcp_servers.ollama]`, with further ones below it. These are whole
 * lines, so everything else stays as it is. What is written in another way is found by who checks the result.
 */
export const tomlFormat: FileFormat = {
  parse(text) {
    try {
      return plain(parse(text));
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      throw new Error(`line ${error.line}: ${error.message.split('\n')[0]?.replace(/^.*: /, '')}`);
    }
  },
  set(text, path, value) {
    const table = path.reduceRight<object>((inner, key) => ({ [key]: inner }), value);
    const lines = stringify(table).trimEnd().split('\n');
    const { before, found, after } = cutTables(text, path);
    return joined(found.length > 0 ? [...before, ...lines, ...after] : [...withBlank(before), ...lines, ''], text);
  },
  remove(text, path) {
    const { before, found, after } = cutTables(text, path);
    // A table that held nothing but ours may stand there by itself.
    if (found.length === 0) return text;
    const isLast = after.every((line) => line.trim() === '');
    const blank = isLast && before.at(-1)?.trim() === '' ? 1 : 0;
    return joined([...before.slice(0, before.length - blank), ...(isLast ? [''] : withoutBlank(after))], text);
  },
};

interface Cut {
  before: string[];
  found: string[];
  after: string[];
}

/** The lines of the tables at a path and below it, which follow each other. */
function cutTables(text: string, path: Path): Cut {
  const lines = text.split(/\r?\n/);
  const headers = lines.flatMap((line, index) => {
    const keys = headerOf(line);
    // What looks like a table may be part of a text or a list, which would not be over before it.
    const isTable = keys !== undefined && isValid(lines.slice(0, index).join('\n'));
    return !isTable ? [] : [{ index, isOurs: path.every((key, depth) => keys[depth] === key) }];
  });
  const first = headers.findIndex(({ isOurs }) => isOurs);
  if (first < 0) return { before: lines, found: [], after: [] };
  const next = headers.slice(first).find(({ isOurs }) => !isOurs);
  const start = headers[first]?.index ?? 0;
  let end = next?.index ?? lines.length;
  // What stands right above the next table belongs to that.
  while (/^\s*(#.*)?$/.test(lines[end - 1] ?? '') && end - 1 > start) end -= 1;
  return { before: lines.slice(0, start), found: lines.slice(start, end), after: lines.slice(end) };
}

function isValid(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The keys of a table, if a line begins one; nothing below them for an array of tables. */
function headerOf(line: string): string[] | undefined {
  if (!/^\s*\[.*\]\s*(#.*)?$/.test(line)) return undefined;
  try {
    const keys: string[] = [];
    for (let value: unknown = parse(line); isTable(value); value = Object.values(value)[0]) {
      const [key] = Object.keys(value);
      if (key === undefined) break;
      keys.push(key);
    }
    return keys;
  } catch {
    return undefined;
  }
}

/** As other formats give it: the library's objects have no prototype. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isTable(value) || Object.getPrototypeOf(value) !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One empty line at the end, if there is any other. */
function withBlank(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return last < 0 ? [] : [...lines.slice(0, last + 1), ''];
}

const withoutBlank = (lines: readonly string[]) => (lines[0]?.trim() === '' ? lines.slice(1) : [...lines]);

const joined = (lines: readonly string[], like: string) => lines.join(lineEnd(like));
