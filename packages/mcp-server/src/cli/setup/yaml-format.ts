import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { yaml } from '../yaml.ts';
import type { Path } from './entry-place.ts';
import { below, type FileFormat, lineEnd } from './file-format.ts';

/**
 * YAML. Adds and removes lines in blocks, without changing other lines. If the settings have another style, the library
 * writes them, and keeps the comments.
 */
export const yamlFormat: FileFormat = {
  parse: (text) => documentOf(text).toJS(),
  set(text, path, value) {
    const document = documentOf(text);
    const lines = linesAt(text, document, path);
    const changed = document.hasIn(path)
      ? lines && text.slice(0, lines.start) + blockOf(path.slice(-1), value, lines.column, text) + text.slice(lines.end)
      : added(text, document, path, value);
    if (changed !== undefined) return changed;
    // If nothing exists yet, the library only creates maps.
    const depth = path.findLastIndex(
      (_, index) => index === 0 || isCollection(document.getIn(path.slice(0, index), true)),
    );
    return anew(document, (own) => own.setIn(path.slice(0, depth + 1), below(path.slice(depth + 1), value)));
  },
  remove(text, path) {
    const document = documentOf(text);
    const lines = linesAt(text, document, path);
    return lines ? text.slice(0, lines.start) + text.slice(lines.end) : anew(document, (own) => own.deleteIn(path));
  },
};

/** @throws Error with the line that is not valid. */
function documentOf(text: string): Document {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new Error(error.message.split('\n')[0]?.replace(/:$/, '') ?? error.code);
  return document;
}

function anew(document: Document, change: (own: Document) => void): string {
  change(document);
  return document.toString({ lineWidth: 0 });
}

/** Adds a new value below the last item of the deepest block on its path. */
function added(text: string, document: Document, path: Path, value: object): string | undefined {
  const end = lineEnd(text);
  if (document.contents === null)
    return `${text.trim() === '' ? '' : `${text.trimEnd()}${end}`}${blockOf(path, value, 0, text)}`;
  const depth = path.findLastIndex((_, index) => blockAt(document, path.slice(0, index)) !== undefined);
  const holder = blockAt(document, path.slice(0, Math.max(depth, 0)));
  if (holder === undefined) return undefined;
  const present = itemAt(holder, path[depth]);
  if (present !== undefined) return belowNothing(text, present, path.slice(depth + 1), value);
  const lines = linesOf(text, holder.items.at(-1));
  if (lines === undefined) return undefined;
  const before = text.slice(0, lines.end);
  const block = blockOf(path.slice(depth), value, lines.column, text);
  return `${before}${before.endsWith('\n') ? '' : end}${block}${text.slice(lines.end)}`;
}

/** Adds a value below a key that has none yet, or an empty one such as `[]`. */
function belowNothing(text: string, item: unknown, path: Path, value: object): string | undefined {
  const lines = linesOf(text, item);
  const held = isPair(item) ? item.value : undefined;
  if (lines === undefined || held === undefined || !isNothing(held)) return undefined;
  const [start, stop] = (isNode(held) && held.range) || [lines.end, lines.end];
  const empty = text.slice(start, stop);
  if (empty.includes('#')) return undefined;
  const before = text.slice(0, start);
  const line = (empty === '' ? before : before.trimEnd()) + text.slice(stop, lines.end);
  const end = line.endsWith('\n') ? '' : lineEnd(text);
  return line + end + blockOf(path, value, lines.column + 2, text) + text.slice(lines.end);
}

const isNothing = (held: unknown): boolean =>
  held === null || (isScalar(held) && held.value === null) || (isCollection(held) && held.items.length === 0);

type Block = YAMLMap | YAMLSeq;

/** A map or list in block style that has items. */
function blockAt(document: Document, path: Path): Block | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return (isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0 ? node : undefined;
}

const itemAt = (block: Block, key: string | number | undefined): unknown =>
  isMap(block) ? block.items.find(({ key: one }) => isNode(one) && one.toJSON() === key) : block.items[Number(key)];

/** The lines of a value below the keys of a path. A number is an index in a list. */
function blockOf(path: Path, value: unknown, column: number, like: string): string {
  return `${yaml(below(path, value), ' '.repeat(column)).replaceAll('\n', lineEnd(like))}${lineEnd(like)}`;
}

interface Lines {
  start: number;
  end: number;
  column: number;
}

function linesAt(text: string, document: Document, path: Path): Lines | undefined {
  const block = blockAt(document, path.slice(0, -1));
  return block && linesOf(text, itemAt(block, path.at(-1)));
}

/** The lines of an item, if nothing else is on them. */
function linesOf(text: string, item: unknown): Lines | undefined {
  const [head, tail] = isPair(item) ? [item.key, item.value ?? item.key] : [item, item];
  if (!isNode(head) || !isNode(tail) || !head.range || !tail.range) return undefined;
  const start = text.lastIndexOf('\n', head.range[0] - 1) + 1;
  const before = text.slice(start, head.range[0]);
  // A pair may follow the dash of a list.
  if (!(isPair(item) ? /^ *$/ : /^ *- +$/).test(before)) return undefined;
  const last = tail.range[1];
  const next = text[last - 1] === '\n' ? last : text.indexOf('\n', last) + 1;
  return { start, end: next === 0 ? text.length : next, column: before.search(/-|$/) };
}
