import {
  applyEdits,
  createScanner,
  type Edit,
  findNodeAtLocation,
  type Node,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { below, type FileFormat, indentOf, lineEnd, lineOf } from './file-format.ts';

const options = { allowTrailingComma: true, allowEmptyContent: true };

/** JSON with comments and trailing commas, as several hosts allow. The library would also reformat other properties. */
export const jsonFormat: FileFormat = {
  parse(text) {
    const errors: ParseError[] = [];
    const value: unknown = parse(text, errors, options);
    const [error] = errors;
    if (error === undefined) return value;
    const what = printParseErrorCode(error.error).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    throw new Error(`line ${lineOf(text, error.offset)}:${what}`);
  },
  set(text, path, value) {
    const root = parseTree(text, [], options);
    if (root === undefined) {
      // A comment at the end may have no line end.
      const start = text.trim() === '' || text.endsWith('\n') ? text : `${text}${lineEnd(text)}`;
      return `${start}${layOut(below(path, value), '', true, text)}${lineEnd(text)}`;
    }
    const present = findNodeAtLocation(root, [...path]);
    if (present) return applyEdits(text, [replaced(text, present, value)]);
    const depth = path.findLastIndex((_, index) => findNodeAtLocation(root, path.slice(0, index))?.type === 'object');
    const holder = findNodeAtLocation(root, path.slice(0, depth));
    if (holder === undefined) return text;
    const nothing = findNodeAtLocation(root, path.slice(0, depth + 1));
    if (nothing) return applyEdits(text, [replaced(text, nothing, below(path.slice(depth + 1), value))]);
    return applyEdits(text, added(text, holder, path[depth] ?? '', below(path.slice(depth + 1), value)));
  },
  remove(text, path) {
    const root = parseTree(text, [], options);
    const property = root && findNodeAtLocation(root, [...path])?.parent;
    return property ? applyEdits(text, removed(text, property)) : text;
  },
};

function replaced(text: string, { offset, length }: Node, value: unknown): Edit {
  const old = text.slice(offset, offset + length);
  const inLines = old === 'null' ? text.trimEnd().includes('\n') : old.includes('\n');
  return { offset, length, content: layOut(value, indentAt(text, offset), inLines, text) };
}

/** Adds a property to the end of an object, on a separate line if the other properties are. */
function added(text: string, { offset, length, children = [] }: Node, key: string | number, value: unknown): Edit[] {
  const close = offset + length - 1;
  const inLines = text.slice(offset, close).includes('\n') || (children.length === 0 && text.includes('\n'));
  const last = children.at(-1);
  const outer = indentAt(text, offset);
  const indent = last === undefined ? outer + indentOf(text) : indentAt(text, last.offset);
  const property = `${JSON.stringify(key)}: ${layOut(value, indent, inLines || last === undefined, text)}`;
  if (last === undefined) {
    const kept = text.slice(offset + 1, close).trimEnd();
    const content = `${kept}${lineEnd(text)}${indent}${property}${lineEnd(text)}${outer}`;
    return [{ offset: offset + 1, length: close - offset - 1, content }];
  }
  const end = last.offset + last.length;
  const comma = commaBetween(text, end, close);
  if (!inLines) return [{ offset: comma ?? end, length: 0, content: `, ${property}` }];
  // A comment after the last property stays on its line.
  const place = lineEndBetween(text, comma === undefined ? end : comma + 1, close);
  const line = {
    offset: place,
    length: 0,
    content: `${lineEnd(text)}${indent}${property}${comma === undefined ? '' : ','}`,
  };
  return comma === undefined ? [{ offset: end, length: 0, content: ',' }, line] : [line];
}

/** Removes a property with its comma, and its line if nothing else is on it. */
function removed(text: string, property: Node): Edit[] {
  const { offset, length, parent } = property;
  const siblings = parent?.children ?? [];
  const place = siblings.indexOf(property);
  const [before, next] = [siblings[place - 1], siblings[place + 1]];
  const end = offset + length;
  const close = (parent?.offset ?? 0) + (parent?.length ?? 0) - 1;
  const ownComma = commaBetween(text, end, next?.offset ?? close);
  const beforeEnd = before === undefined ? undefined : before.offset + before.length;
  const comma = ownComma === undefined && beforeEnd !== undefined ? commaBetween(text, beforeEnd, offset) : undefined;
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const stop = (ownComma ?? end - 1) + 1;
  const isLine = text.slice(start, offset).trim() === '' && /^[ \t]*\r?\n/.test(text.slice(stop));
  const lines = isLine ? { offset: start, length: text.indexOf('\n', stop) + 1 - start, content: '' } : undefined;
  if (lines) return comma === undefined ? [lines] : [{ offset: comma, length: 1, content: '' }, lines];
  if (comma !== undefined) return [{ offset: comma, length: end - comma, content: '' }];
  const until = next?.offset ?? stop;
  return [{ offset, length: until - offset, content: '' }];
}

/** The offset of the first line end that is not inside a comment, else the start. */
function lineEndBetween(text: string, start: number, end: number): number {
  const scanner = createScanner(text, false);
  scanner.setPosition(start);
  while (scanner.getPosition() < end) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    if (text[offset] === '\n' || text[offset] === '\r') return offset;
  }
  return start;
}

/** The offset of a comma, which may be surrounded by comments. */
function commaBetween(text: string, start: number, end: number): number | undefined {
  const scanner = createScanner(text, false);
  scanner.setPosition(start);
  while (scanner.getPosition() < end) {
    scanner.scan();
    if (text[scanner.getTokenOffset()] === ',') return scanner.getTokenOffset();
  }
  return undefined;
}

function layOut(value: unknown, indent: string, inLines: boolean, like: string): string {
  if (!inLines) return JSON.stringify(value);
  return JSON.stringify(value, null, indentOf(like)).replaceAll('\n', `${lineEnd(like)}${indent}`);
}

/** The indentation of the line at an offset. */
function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}
