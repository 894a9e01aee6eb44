import { templateError } from './go-template-error.ts';

export interface Token {
  kind: 'field' | 'variable' | 'word' | 'string' | 'number' | 'dot' | 'sign' | 'end';
  /** Without the dot of a field; with the dollar sign of a variable; the value of a string. */
  text: string;
  /** White space before it: the difference between `.A.B` and `.A .B`. */
  spaced: boolean;
}

export type Piece = { line: number } & ({ text: string } | { tokens: Token[] });

const TOKEN =
  /(?<space>\s*)(?:\.(?<field>[\p{L}_][\p{L}\p{N}_]*)|(?<variable>\$[\p{L}\p{N}_]*)|(?<word>[\p{L}_][\p{L}\p{N}_]*)|(?<quoted>"(?:\\.|[^"\\\n])*")|`(?<raw>[^`]*)`|(?<number>[-+]?\d+(?:\.\d+)?)|(?<sign>:=|[=|(),])|(?<dot>\.))/uy;

/** Splits a template into plain text, trimmed by `{{-` and `-}}`, and the tokens of its actions. */
export function lexTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimStart = false;
  const lineAt = (index: number) => template.slice(0, index).split('\n').length;
  for (;;) {
    const open = template.indexOf('{{', at);
    let text = template.slice(at, open === -1 ? undefined : open);
    if (trimStart) text = text.replace(/^[ \t\r\n]+/, '');
    const trimEnd = open !== -1 && /^-\s/.test(template.slice(open + 2, open + 4));
    if (trimEnd) text = text.replace(/[ \t\r\n]+$/, '');
    if (text !== '') pieces.push({ line: lineAt(at), text });
    if (open === -1) return pieces;

    const line = lineAt(open);
    const start = open + (trimEnd ? 3 : 2);
    const comment = /^\s*\/\*[\s\S]*?\*\/(\s+-)?\}\}/.exec(template.slice(start));
    if (comment) {
      at = start + comment[0].length;
      trimStart = comment[1] !== undefined;
      continue;
    }
    if (/^\s*\/\*/.test(template.slice(start))) throw templateError(line, 'unclosed comment');
    const action = lexAction(template, start, line);
    pieces.push({ line, tokens: action.tokens });
    at = action.end;
    trimStart = action.trim;
  }
}

function lexAction(template: string, start: number, line: number): { tokens: Token[]; end: number; trim: boolean } {
  const tokens: Token[] = [];
  const close = /\s*\}\}|\s+-\}\}/y;
  for (let at = start; ; at = TOKEN.lastIndex) {
    close.lastIndex = at;
    const closed = close.exec(template)?.[0];
    if (closed !== undefined) {
      tokens.push({ kind: 'end', text: '', spaced: false });
      return { tokens, end: close.lastIndex, trim: closed.endsWith('-}}') };
    }
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(template)?.groups;
    if (!groups) throw templateError(line, unlexable(template.slice(at).trimStart()));
    tokens.push({ ...tokenOf(groups, line), spaced: groups['space'] !== '' });
  }
}

function tokenOf(groups: Record<string, string | undefined>, line: number): Omit<Token, 'spaced'> {
  for (const kind of ['field', 'variable', 'word', 'number', 'sign', 'dot'] as const) {
    const text = groups[kind];
    if (text !== undefined) return { kind, text };
  }
  if (groups['raw'] !== undefined) return { kind: 'string', text: groups['raw'] };
  try {
    return { kind: 'string', text: String(JSON.parse(groups['quoted'] ?? '')) };
  } catch {
    throw templateError(line, 'invalid syntax');
  }
}

function unlexable(rest: string): string {
  if (rest === '') return 'unclosed action';
  if (rest.startsWith('"')) return 'unterminated quoted string';
  if (rest.startsWith('`')) return 'unterminated raw quoted string';
  if (rest.startsWith('}')) return 'unexpected "}" in operand';
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return `unrecognized character in action: U+${code} '${character}'`;
}
