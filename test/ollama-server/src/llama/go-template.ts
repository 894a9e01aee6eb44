import { templateError } from './go-template-error.ts';
import { GO_FUNCTIONS, LAZY_FUNCTIONS } from './go-template-functions.ts';
import { type Block, type Node, type Pipe, parseNodes, type Term } from './go-template-parser.ts';
import { isFields, isTrue, printGo } from './go-template-values.ts';

export { GoTemplateError } from './go-template-error.ts';

export interface GoTemplate {
  /** Names of all fields the template reads (`System`, `Tools`, `Function`, …): they reveal its capabilities. */
  readonly fields: ReadonlySet<string>;
  render(data: Readonly<Record<string, unknown>>): string;
}

/**
 * Parses a template of Go's text/template, as far as Ollama's models use it: everything but `define`, `template` and
 * `block`. Throws a GoTemplateError with Go's message: `template: :1: unclosed action`.
 */
export function parseTemplate(text: string): GoTemplate {
  const { nodes, fields } = parseNodes(text);
  return { fields, render: (data) => new Run(data).text(nodes) };
}

type Flow = 'break' | 'continue' | undefined;

/** One rendering: the output so far and the variables. */
class Run {
  readonly #root: unknown;
  #output = '';
  /** The innermost variable of a name comes last. */
  readonly #variables: { name: string; value: unknown }[];

  constructor(data: unknown) {
    this.#root = data;
    this.#variables = [{ name: '$', value: data }];
  }

  text(nodes: readonly Node[]): string {
    this.#all(nodes, this.#root);
    return this.#output;
  }

  /** Variables that the nodes declare end with them. */
  #all(nodes: readonly Node[], dot: unknown): Flow {
    const scope = this.#variables.length;
    let flow: Flow;
    for (const node of nodes) {
      flow = this.#node(node, dot);
      if (flow) break;
    }
    this.#variables.length = scope;
    return flow;
  }

  #node(node: Node, dot: unknown): Flow {
    switch (node.kind) {
      case 'text':
        this.#output += node.text;
        return undefined;
      case 'print': {
        const value = this.#pipe(node.pipe, dot);
        if (node.pipe.names.length === 0) this.#output += printGo(value);
        return undefined;
      }
      case 'range':
        return this.#range(node, dot);
      case 'if':
      case 'with': {
        const scope = this.#variables.length;
        const value = this.#pipe(node.pipe, dot);
        const inner = node.kind === 'with' ? value : dot;
        const flow = isTrue(value) ? this.#all(node.body, inner) : this.#all(node.otherwise, dot);
        this.#variables.length = scope;
        return flow;
      }
      default:
        return node.kind;
    }
  }

  #range({ pipe, body, otherwise }: Block, dot: unknown): Flow {
    const entries = entriesOf(this.#pipe({ ...pipe, names: [] }, dot), pipe.line);
    if (entries.length === 0) return this.#all(otherwise, dot);
    const scope = this.#variables.length;
    for (const [key, value] of entries) {
      // With one name it is the value, with two the first is the key.
      const values = pipe.names.length === 1 ? [value] : [key, value];
      this.#set(pipe, values);
      const flow = this.#all(body, value);
      this.#variables.length = scope;
      if (flow === 'break') break;
    }
    return undefined;
  }

  #set({ names, declares, line }: Pipe, values: readonly unknown[]): void {
    for (const [i, name] of names.entries()) {
      if (declares) this.#variables.push({ name, value: values[i] });
      else this.#variable(name, line).value = values[i];
    }
  }

  #pipe(pipe: Pipe, dot: unknown): unknown {
    let value: unknown;
    for (const [i, command] of pipe.commands.entries()) {
      value = this.#command(command, dot, pipe.line, i === 0 ? [] : [value]);
    }
    this.#set(pipe, [value]);
    return value;
  }

  #command([first, ...rest]: readonly Term[], dot: unknown, line: number, piped: readonly unknown[]): unknown {
    if (first?.kind === 'function') {
      const { name } = first;
      const reads = [...rest.map((term) => () => this.#term(term, dot, line)), ...piped.map((value) => () => value)];
      const lazy = LAZY_FUNCTIONS[name];
      if (lazy) return follow(lazy(reads), first.fields, line);
      const values = reads.map((read) => read());
      const run = GO_FUNCTIONS[name as keyof typeof GO_FUNCTIONS] as (...values: unknown[]) => unknown;
      try {
        return follow(run(...values), first.fields, line);
      } catch (cause) {
        throw cause instanceof Error ? templateError(line, `error calling ${name}: ${cause.message}`) : cause;
      }
    }
    if (rest.length > 0 || piped.length > 0) throw templateError(line, "can't give argument to non-function");
    return first && this.#term(first, dot, line);
  }

  #term(term: Term, dot: unknown, line: number): unknown {
    switch (term.kind) {
      case 'value':
        return term.value;
      case 'dot':
        return follow(dot, term.fields, line);
      case 'variable':
        return follow(this.#variable(term.name, line).value, term.fields, line);
      case 'pipe':
        return follow(this.#pipe(term.pipe, dot), term.fields, line);
      case 'function':
        return this.#command([term], dot, line, []);
      default:
        return term satisfies never;
    }
  }

  #variable(name: string, line: number): { value: unknown } {
    const variable = this.#variables.findLast((one) => one.name === name);
    if (!variable) throw templateError(line, `undefined variable "${name}"`);
    return variable;
  }
}

/** A field that an object lacks has no value; a field of anything but an object is an error. */
function follow(value: unknown, fields: readonly string[], line: number): unknown {
  return fields.reduce((at: unknown, field) => {
    if (isFields(at)) return at[field];
    const message =
      at === null || at === undefined ? `nil pointer evaluating .${field}` : `can't evaluate field ${field}`;
    throw templateError(line, message);
  }, value);
}

function entriesOf(value: unknown, line: number): [key: unknown, value: unknown][] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return [...value.entries()];
  if (typeof value === 'number') return Array.from({ length: value }, (_, i) => [i, i]);
  // Go iterates over a map in the order of its keys.
  if (isFields(value)) return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  throw templateError(line, `range can't iterate over ${printGo(value)}`);
}
