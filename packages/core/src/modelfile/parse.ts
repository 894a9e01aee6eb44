import { closestNames } from '../errors/closest-name.ts';
import {
  badModelfile,
  type MessageRole,
  type Modelfile,
  type ModelfileCommand,
  messageRoles,
  type PlainCommand,
  plainCommands,
} from './modelfile.ts';
import { ValueText } from './quoted-value.ts';

/**
 * Reads a Modelfile as Ollama's own parser does, including its odd cases: a value that begins with a quote continues
 * over lines until one ends in a quote, unprintable characters are dropped, and "\r
 * " counts as two lines.
 *
 * Bytes may be UTF-8 or, with a byte order mark, UTF-16.
 *
 * @throws OllamaError `bad_modelfile`, with Ollama's message and the line.
 *
 * @example
 * ```ts
 * import { parseModelfile } from '@ollama-toolbelt/core/node';
 *
 * const { commands } = parseModelfile('FROM llama3.2\nPARAMETER temperature 0.5\n');
 * console.log(commands.map(({ name }) => name)); // [ 'from', 'parameter' ]
 * ```
 */
export function parseModelfile(text: string | Uint8Array): Modelfile {
  const modelfile = readModelfile(text);
  if (!modelfile.commands.some(({ name }) => name === 'from')) throw badModelfile('no FROM line');
  return modelfile;
}

/** A Modelfile that may omit FROM, because the request names the base. */
export const readModelfile = (text: string | Uint8Array): Modelfile => ({
  commands: parseCommands(decodeModelfile(text)),
});

/** The text of a Modelfile. A byte order mark decides the encoding and is not part of the text. */
function decodeModelfile(text: string | Uint8Array): string {
  if (typeof text === 'string') return text.replace(/^\ufeff/, '');
  return new TextDecoder(encodingOf(text)).decode(text);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}

type State = 'nothing' | 'comment' | 'name' | 'parameter' | 'role' | 'value';

/** The commands of a text, with or without a FROM. */
export function parseCommands(text: string): ModelfileCommand[] {
  const parser = new Parser();
  for (const character of text) parser.take(character);
  return parser.finish();
}

class Parser {
  readonly #commands: ModelfileCommand[] = [];
  #state: State = 'nothing';
  #line = 1;
  /** Where the current command began. */
  #begin = 1;
  /** The part of the name, parameter or role that was read so far. */
  #word = '';
  #name = '';
  #parameter = '';
  #role: MessageRole | undefined;
  /** How many characters of the value are unprintable. */
  #dropped = 0;
  #value = new ValueText();

  take(character: string): void {
    if (isNewline(character)) this.#line++;
    switch (this.#state) {
      case 'nothing':
        this.#takeFirst(character);
        break;
      case 'comment':
        if (isNewline(character)) this.#state = 'nothing';
        break;
      case 'name':
        if (isSpace(character)) this.#endName();
        else if (isLetter(character)) this.#word += character;
        else throw badModelfile(INVALID_COMMAND, this.#line);
        break;
      case 'parameter':
        if (isSpace(character)) this.#endParameter();
        else if (/^\w$/.test(character)) this.#word += character;
        else throw this.#unexpectedEnd();
        break;
      case 'role':
        if (isSpace(character)) this.#endRole();
        else if (isLetter(character)) this.#word += character;
        else throw this.#unexpectedEnd();
        break;
      case 'value':
        this.#takeOfValue(character);
        break;
      default:
        this.#state satisfies never;
    }
  }

  finish(): ModelfileCommand[] {
    if (this.#state === 'value') {
      const value = this.#value.read();
      if (value === undefined) {
        throw badModelfile('unexpected EOF', this.#begin, 'The quotes that begin on this line are never closed.');
      }
      this.#endValue(value);
    } else if (this.#state !== 'nothing' && this.#state !== 'comment') {
      throw this.#unexpectedEnd();
    }
    return this.#commands;
  }

  #takeFirst(character: string): void {
    if (isSpace(character) || isNewline(character)) return;
    if (character === '#') {
      this.#state = 'comment';
      return;
    }
    this.#begin = this.#line;
    this.#word = isPrintable(character) ? character : '';
    this.#state = 'name';
  }

  #endName(): void {
    this.#name = this.#word.toLowerCase();
    this.#word = '';
    if (this.#name === 'parameter') this.#state = 'parameter';
    else if (this.#name === 'message') this.#state = 'role';
    else if (isPlainCommand(this.#name)) this.#beginValue();
    else throw badModelfile(INVALID_COMMAND, this.#line, meantCommand(this.#name));
  }

  #endParameter(): void {
    this.#parameter = this.#word;
    this.#beginValue();
  }

  #endRole(): void {
    this.#role = checkRole(this.#word, this.#line);
    this.#beginValue();
  }

  #beginValue(): void {
    this.#value = new ValueText();
    this.#dropped = 0;
    this.#state = 'value';
  }

  #takeOfValue(character: string): void {
    if (isNewline(character)) {
      const value = this.#value.read();
      if (value !== undefined) {
        this.#endValue(value);
        return;
      }
    } else if (!isSpace(character) && !isPrintable(character)) {
      this.#dropped += 1;
      return;
    }
    this.#value.add(character);
  }

  #endValue(value: string): void {
    const command = this.#command(value);
    this.#commands.push(this.#dropped > 0 ? { ...command, dropped: this.#dropped } : command);
    this.#state = 'nothing';
  }

  #command(value: string): ModelfileCommand {
    const line = this.#begin;
    if (this.#name === 'message') return { name: 'message', role: this.#role as MessageRole, value, line };
    if (this.#name !== 'parameter') return { name: this.#name as PlainCommand, value, line };
    // Ollama stores parameters and commands under the same names, FROM as "model": PARAMETER system is SYSTEM.
    const name = this.#parameter === 'from' ? '' : this.#parameter === 'model' ? 'from' : this.#parameter;
    if (isPlainCommand(name)) return { name, value, line };
    if (name === 'message') return messageOf(value, line);
    return { name: 'parameter', parameter: this.#parameter, value, line };
  }

  /** Ollama's message for an incomplete command, also at the end of a line. */
  #unexpectedEnd() {
    return badModelfile(this.#word === '' ? 'unexpected EOF' : `unexpected EOF: ${this.#word}`, this.#begin);
  }
}

const INVALID_COMMAND =
  'command must be one of "from", "license", "template", "system", "adapter", "draft", "renderer", "parser", "parameter", "message", or "requires"';

const commandNames = [...plainCommands, 'parameter', 'message'];

/** The most likely meaning of an unknown name. */
function meantCommand(name: string): string | undefined {
  const [near] = closestNames(name.slice(0, 50), commandNames, 1);
  return near && `Did you mean ${near.toUpperCase()}?`;
}

function messageOf(text: string, line: number): ModelfileCommand {
  const colon = text.indexOf(': ');
  const role = checkRole(colon < 0 ? text : text.slice(0, colon), line);
  return { name: 'message', role, value: colon < 0 ? '' : text.slice(colon + 2), line };
}

function checkRole(word: string, line: number): MessageRole {
  const role = messageRoles.find((known) => known === word);
  if (role === undefined) throw badModelfile('message role must be one of "system", "user", or "assistant"', line);
  return role;
}

const isPlainCommand = (name: string): name is PlainCommand => (plainCommands as readonly string[]).includes(name);
const isNewline = (character: string) => character === '\n' || character === '\r';
const isSpace = (character: string) => character === ' ' || character === '\t';
const isLetter = (character: string) => /^[a-z]$/i.test(character);
/**
 * As in Go: letters, marks, numbers, punctuation, symbols and the plain space. If this runtime has a newer Unicode
 * version than Ollama's Go, characters that only the newer one knows are kept here and dropped there.
 */
const isPrintable = (character: string) =>
  (character >= ' ' && character <= '~') || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);
