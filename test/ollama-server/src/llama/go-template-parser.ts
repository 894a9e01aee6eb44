import { templateError } from './go-template-error.ts';
import { GO_FUNCTIONS } from './go-template-functions.ts';
import { lexTemplate, type Piece, type Token } from './go-template-lexer.ts';

export type Operand =
  | { kind: 'value'; value: unknown }
  | { kind: 'dot' }
  | { kind: 'variable'; name: string }
  | { kind: 'function'; name: string }
  | { kind: 'pipe'; pipe: Pipe };

/** An operand with the fields read from it. */
export type Term = Operand & { fields: string[] };

export interface Pipe {
  /** The variables it sets, and whether they are new. */
  names: string[];
  declares: boolean;
  /** Each is a function, a field or a value with its arguments; the result of one is the last argument of the next. */
  commands: Term[][];
  line: number;
}

export type Node =
  | { kind: 'text'; text: string }
  | { kind: 'print'; pipe: Pipe }
  | Block
  | { kind: 'break' | 'continue' };

export interface Block {
  kind: 'if' | 'with' | 'range';
  pipe: Pipe;
  body: Node[];
  otherwise: Node[];
}

const UNSUPPORTED = new Set(['define', 'template', 'block']);

/** The tree of a template and all field names in it. */
export function parseNodes(template: string): { nodes: Node[]; fields: Set<string> } {
  const parser = new Parser(lexTemplate(template));
  const { nodes, stop } = parser.list(0);
  if (stop) throw templateError(stop.line, `unexpected {{${stop.word}}}`);
  return { nodes, fields: parser.fields };
}

interface Stop {
  word: 'end' | 'else';
  line: number;
}

class Parser {
  readonly fields = new Set<string>();
  readonly #pieces: readonly Piece[];
  #at = 0;
  #tokens: Token[] = [];
  #line = 1;
  /** Names of the known variables, newest last. */
  #variables = ['$'];

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  /** Nodes up to `{{end}}`, `{{else}}` or the end of the text. The tokens of an `{{else}}` are not read yet. */
  list(loops: number): { nodes: Node[]; stop?: Stop } {
    const nodes: Node[] = [];
    for (let piece = this.#pieces[this.#at++]; piece; piece = this.#pieces[this.#at++]) {
      this.#line = piece.line;
      if ('text' in piece) {
        nodes.push({ kind: 'text', text: piece.text });
        continue;
      }
      this.#tokens = [...piece.tokens];
      const word = this.#peek().kind === 'word' ? this.#peek().text : '';
      if (word === 'end' || word === 'else') {
        this.#tokens.shift();
        if (word === 'end') this.#finish('end');
        return { nodes, stop: { word, line: piece.line } };
      }
      nodes.push(this.#action(word, loops));
    }
    return { nodes };
  }

  #action(word: string, loops: number): Node {
    if (UNSUPPORTED.has(word)) throw templateError(this.#line, `{{${word}}} is not supported here`);
    if (word === 'if' || word === 'with' || word === 'range') return this.#block(word, loops);
    if (word === 'break' || word === 'continue') {
      this.#tokens.shift();
      if (loops === 0) throw templateError(this.#line, `{{${word}}} outside {{range}}`);
      this.#finish(word);
      return { kind: word };
    }
    return { kind: 'print', pipe: this.#pipe('command') };
  }

  #block(kind: 'if' | 'with' | 'range', loops: number): Node {
    const scope = this.#variables.length;
    this.#tokens.shift();
    const pipe = this.#pipe(kind);
    const { nodes: body, stop } = this.list(kind === 'range' ? loops + 1 : loops);
    let otherwise: Node[] = [];
    if (stop?.word === 'else') {
      const next = this.#peek();
      if (next.kind === 'word' && next.text === kind && kind !== 'range') {
        // `{{else if}}` is a block inside the else part, and shares its `{{end}}`.
        otherwise = [this.#block(kind, loops)];
      } else {
        this.#finish('else');
        const rest = this.list(loops);
        if (rest.stop?.word === 'else') throw templateError(rest.stop.line, 'expected end; found {{else}}');
        if (!rest.stop) throw this.#unexpectedEnd();
        otherwise = rest.nodes;
      }
    } else if (!stop) {
      throw this.#unexpectedEnd();
    }
    this.#variables.length = scope;
    return { kind, pipe, body, otherwise };
  }

  #pipe(context: string): Pipe {
    const line = this.#line;
    const { names, declares } = this.#assignment(context);
    const commands: Term[][] = [];
    do commands.push(this.#command(context));
    while (this.#take('sign', '|'));
    const inner = context === 'parenthesis';
    const ends = inner ? this.#take('sign', ')') : this.#peek().kind === 'end';
    if (!ends && inner) throw templateError(line, 'unclosed left paren');
    if (!ends) throw templateError(line, `unexpected ${describe(this.#peek())} in ${context}`);
    if (declares) this.#variables.push(...names);
    return { names, declares, commands, line };
  }

  /** `$x :=`, `$x =`, and for a range `$i, $x :=`. */
  #assignment(context: string): { names: string[]; declares: boolean } {
    const [first, second, third, fourth] = this.#tokens;
    const isSign = (token: Token | undefined, ...texts: string[]) =>
      token?.kind === 'sign' && texts.includes(token.text);
    if (first?.kind !== 'variable') return { names: [], declares: false };
    if (isSign(second, ':=', '=')) {
      this.#tokens.splice(0, 2);
      return this.#checked([first.text], second?.text === ':=');
    }
    if (context === 'range' && isSign(second, ',') && third?.kind === 'variable' && isSign(fourth, ':=', '=')) {
      this.#tokens.splice(0, 4);
      return this.#checked([first.text, third.text], fourth?.text === ':=');
    }
    return { names: [], declares: false };
  }

  #checked(names: string[], declares: boolean): { names: string[]; declares: boolean } {
    if (!declares) for (const name of names) this.#known(name);
    return { names, declares };
  }

  #command(context: string): Term[] {
    const terms: Term[] = [];
    for (let token = this.#peek(); token.kind !== 'end'; token = this.#peek()) {
      if (token.kind === 'sign' && token.text !== '(') break;
      if (terms.length > 0 && !token.spaced)
        throw templateError(this.#line, `unexpected ${describe(token)} in operand`);
      terms.push(this.#term());
    }
    if (terms.length === 0) throw templateError(this.#line, `missing value for ${context}`);
    return terms;
  }

  #term(): Term {
    const operand = this.#operand();
    const fields: string[] = operand.kind === 'dot' && 'field' in operand ? [String(operand.field)] : [];
    while (this.#peek().kind === 'field' && !this.#peek().spaced) fields.push(this.#tokens.shift()?.text ?? '');
    for (const field of fields) this.fields.add(field);
    return { ...operand, fields };
  }

  #operand(): Operand & { field?: string } {
    const token = this.#tokens.shift();
    switch (token?.kind) {
      case 'field':
        return { kind: 'dot', field: token.text };
      case 'dot':
        return { kind: 'dot' };
      case 'variable':
        return { kind: 'variable', name: this.#known(token.text) };
      case 'string':
        return { kind: 'value', value: token.text };
      case 'number':
        return { kind: 'value', value: Number(token.text) };
      case 'word':
        if (token.text === 'true' || token.text === 'false') return { kind: 'value', value: token.text === 'true' };
        if (token.text === 'nil') return { kind: 'value', value: null };
        if (!(token.text in GO_FUNCTIONS)) throw templateError(this.#line, `function "${token.text}" not defined`);
        return { kind: 'function', name: token.text };
      default:
        if (token?.text === '(') return { kind: 'pipe', pipe: this.#pipe('parenthesis') };
        throw templateError(this.#line, `unexpected ${describe(token)} in operand`);
    }
  }

  #known(name: string): string {
    if (!this.#variables.includes(name)) throw templateError(this.#line, `undefined variable "${name}"`);
    return name;
  }

  #peek(): Token {
    return this.#tokens[0] ?? { kind: 'end', text: '', spaced: false };
  }

  #take(kind: Token['kind'], text: string): boolean {
    if (this.#peek().kind !== kind || this.#peek().text !== text) return false;
    this.#tokens.shift();
    return true;
  }

  #finish(word: string): void {
    const token = this.#peek();
    if (token.kind !== 'end') throw templateError(this.#line, `unexpected ${describe(token)} in ${word}`);
  }

  #unexpectedEnd() {
    return templateError(this.#line, 'unexpected EOF');
  }
}

function describe(token: Token | undefined): string {
  if (!token || token.kind === 'end') return '"}}"';
  return token.kind === 'field' ? `<.${token.text}>` : `<${token.text}>`;
}
