import { badModelfile, type Modelfile, type ModelfileCommand } from './modelfile.ts';
import { parseCommands } from './parse.ts';

/**
 * The text of a Modelfile that Ollama and `parseModelfile` read back as the same commands.
 *
 * @throws OllamaError `bad_modelfile` if the grammar cannot express it: it has no escapes, drops unprintable
 * characters, and ends a quoted text at a line that ends in the same quotes.
 *
 * @example
 * ```ts
 * import { formatModelfile } from '@ollama-toolbelt/core/node';
 *
 * console.log(formatModelfile({ commands: [{ name: 'from', value: 'llama3.2' }, { name: 'system', value: 'Be brief.' }] }));
 * // FROM llama3.2
 * // …
 * // SYSTEM Be brief.
 * ```
 */
export function formatModelfile(modelfile: Modelfile): string {
  if (!modelfile.commands.some(({ name }) => name === 'from')) throw badModelfile('no FROM line');
  return modelfile.commands.map(formatCommand).join('');
}

function formatCommand(command: ModelfileCommand): string {
  for (const value of spellings(command.value)) {
    const text = `${head(command)} ${value}\n`;
    if (readsBack(text, command)) return text;
  }
  throw badModelfile(`${head(command)} has a value that a Modelfile cannot express`, command.line);
}

function head(command: ModelfileCommand): string {
  switch (command.name) {
    case 'parameter':
      return `PARAMETER ${command.parameter}`;
    case 'message':
      return `MESSAGE ${command.role}`;
    default:
      return command.name.toUpperCase();
  }
}

/** The ways to write a value, most natural first. */
function spellings(value: string): string[] {
  const quoted = `"${value}"`;
  const tripled = `"""${value}"""`;
  if (value === '') return [quoted];
  return /[\r\n]/.test(value) ? [tripled, quoted] : [value, quoted, tripled];
}

/** Asks the parser itself, so the two cannot disagree. */
function readsBack(text: string, command: ModelfileCommand): boolean {
  let commands: ModelfileCommand[];
  try {
    commands = parseCommands(text);
  } catch {
    return false;
  }
  const [read, ...more] = commands;
  return read !== undefined && more.length === 0 && head(read) === head(command) && read.value === command.value;
}
