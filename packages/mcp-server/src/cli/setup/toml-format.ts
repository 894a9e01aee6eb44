import { parse, stringify, TomlError } from 'smol-toml';
import type { Path } from './entry-place.ts';
import { type FileFormat, lineEnd } from './file-format.ts';

/**
 * TOML with a table for each server: `[mcp_servers.ollama]`, which may have more tables below it. Only whole lines are
 * changed. The caller checks the result, and detects settings that are written in another way.
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
    // A parent table that only contained ours may have its own header.
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

/** The consecutive lines of the tables at a path and below it. */
function cutTables(text: string, path: Path): Cut {
  const lines = text.split(/\r?\n/);
  const headers = lines.flatMap((line, index) => {
    const keys = headerOf(line);
    // A line that looks like a table may be inside a text or a list. Then the lines before it are not valid TOML.
    const isTable = keys !== undefined && isValid(lines.slice(0, index).join('\n'));
    return !isTable ? [] : [{ index, isOurs: path.every((key, depth) => keys[depth] === key) }];
  });
  const first = headers.findIndex(({ isOurs }) => isOurs);
  if (first < 0) return { before: lines, found: [], after: [] };
  const next = headers.slice(first).find(({ isOurs }) => !isOurs);
  const start = headers[first]?.index ?? 0;
  let end = next?.index ?? lines.length;
  // Comments directly above the next table belong to that table.
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

/** The keys of a table if the line is its header. */
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

/** Converts to plain objects like the other formats: the library's objects have no prototype. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isTable(value) || Object.getPrototypeOf(value) !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Adds an empty line at the end if there are other lines. */
function withBlank(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return last < 0 ? [] : [...lines.slice(0, last + 1), ''];
}

const withoutBlank = (lines: readonly string[]) => (lines[0]?.trim() === '' ? lines.slice(1) : [...lines]);

const joined = (lines: readonly string[], like: string) => lines.join(lineEnd(like));
