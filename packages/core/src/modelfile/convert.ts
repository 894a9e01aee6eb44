import type { CreateRequest, Message } from '../schemas/interfaces.ts';
import type { Notice } from '../wire/notices.ts';
import { badModelfile, type Modelfile, type ModelfileCommand, type References } from './modelfile.ts';
import { addParameter, isDeprecated } from './parameter.ts';

/** A Modelfile as fields of a create request, without the files it names. */
export interface Converted {
  fields: Omit<CreateRequest, 'model' | 'name' | 'modelfile'>;
  references: References;
  notices: Notice[];
}

/**
 * Converts as Ollama's command line does: the last TEMPLATE, SYSTEM, RENDERER, PARSER and REQUIRES wins, licenses,
 * messages and stops are collected, and empty values are left out.
 *
 * @throws OllamaError `bad_modelfile`
 */
export function convertModelfile({ commands }: Modelfile): Converted {
  const texts: Partial<Record<'template' | 'system' | 'renderer' | 'parser' | 'requires', string>> = {};
  const licenses: string[] = [];
  const messages: Message[] = [];
  const references: References = { from: [], adapter: [], draft: [] };
  const notices: Notice[] = [];
  const parameters: NonNullable<CreateRequest['parameters']> = {};

  for (const command of commands) {
    const { value, line } = command;
    if (command.dropped) notices.push(droppedCharacters(command, command.dropped));
    switch (command.name) {
      case 'from':
      case 'adapter':
      case 'draft':
        references[command.name].push({ value, line });
        break;
      case 'template':
      case 'system':
      case 'renderer':
      case 'parser':
        texts[command.name] = value;
        break;
      case 'requires':
        texts.requires = version(value, line);
        break;
      case 'license':
        licenses.push(value);
        break;
      case 'message':
        messages.push({ role: command.role, content: value });
        break;
      case 'parameter':
        if (isDeprecated(command.parameter)) notices.push(ignored(command.parameter, line));
        else addParameter(parameters, command.parameter, value, line);
        break;
      default:
        command satisfies never;
    }
  }
  const fields = {
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')),
    ...(licenses.length > 0 && { license: licenses }),
    ...(messages.length > 0 && { messages }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
  return { fields, references, notices };
}

function droppedCharacters({ name, line }: ModelfileCommand, characters: number): Notice {
  const command = name.toUpperCase();
  const place = line === undefined ? '' : ` (line ${line} of the Modelfile)`;
  return {
    code: 'characters_dropped',
    command,
    characters,
    ...(line !== undefined && { line }),
    message: `${command}${place} has ${characters} invisible characters, such as zero-width joiners or non-breaking spaces. Ollama drops them from Modelfiles, and so does this client: send the text in a field of the request to keep them.`,
  };
}

function ignored(parameter: string, line: number | undefined): Notice {
  const place = line === undefined ? '' : ` (line ${line} of the Modelfile)`;
  return {
    code: 'parameter_ignored',
    option: parameter,
    ...(line !== undefined && { line }),
    message: `The parameter ${parameter}${place} is deprecated: Ollama has no use for it any more, and it was left out.`,
  };
}

const NUMBER = '(?:0|[1-9]\\d*)';
const SUFFIX = `(?:-${list(`(?:${NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*)`)})?(?:\\+${list('[0-9A-Za-z-]+')})?`;
const semver = new RegExp(`^${NUMBER}(?:\\.${NUMBER}(?:\\.${NUMBER}${SUFFIX})?)?$`);

function list(item: string): string {
  return `${item}(?:\\.${item})*`;
}

function version(text: string, line: number | undefined): string {
  const bare = text.replace(/^v/, '');
  if (!semver.test(bare)) throw badModelfile('requires must be a valid semver (e.g. 0.14.0)', line);
  return bare;
}
