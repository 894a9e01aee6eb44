import {
  formatModelfile,
  isModelPath,
  type ModelfileCommand,
  OllamaError,
  parseModelfile,
} from '@ollama-toolbelt/core/neutral';
import { Refusal } from '../refusal.ts';
import type { FileAccess } from '../tool-context.ts';
import { nameProblem } from './model-name.ts';

/** @throws Refusal if the model to start from is written as a path: only a Modelfile names files. */
export function guardName(from: string): void {
  if (!isModelPath(from)) return;
  throw new Refusal(`from names a file, ${from}.`, 'Name it in a modelfile, with a line "FROM path".');
}

/**
 * A Modelfile that reads files of allowed folders only: their paths are absolute and without links. If it starts from a
 * model, `from` names it, because in the text its name could be that of a file too.
 *
 * @throws Refusal for a path outside, OllamaError if the text is not a Modelfile.
 */
export async function guardModelfile(
  text: string,
  access: FileAccess | undefined,
): Promise<{ modelfile: string; from?: string }> {
  const { commands } = parseModelfile(text);
  let from: string | undefined;
  let hasPath = false;
  const guarded: ModelfileCommand[] = [];
  for (const command of commands) {
    const isModel = command.name === 'from' && !isModelPath(command.value);
    if (isModel) from = checked(command.value);
    const isReference = command.name === 'from' || command.name === 'adapter' || command.name === 'draft';
    if (!isReference || isModel) {
      guarded.push(command);
      continue;
    }
    if (access === undefined) {
      throw new Refusal(
        `${command.name.toUpperCase()} names a file, ${command.value}, and no folder is allowed.`,
        'Start the server with --allow-dir for the folder of the model files.',
      );
    }
    hasPath ||= command.name === 'from';
    guarded.push({ ...command, value: await access.resolve(command.value) });
  }
  if (from !== undefined && hasPath) throw new Refusal('FROM names both a model and a file.');
  return { modelfile: formatModelfile({ commands: guarded }), ...(from !== undefined && { from }) };
}

/** The model that a Modelfile starts from; nothing if it starts from a file, or cannot be read. */
export function modelIn(modelfile: string | undefined): string | undefined {
  try {
    const { commands } = parseModelfile(modelfile ?? '');
    const [first] = commands.filter(({ name }) => name === 'from');
    return first && !isModelPath(first.value) ? first.value : undefined;
  } catch (error) {
    if (error instanceof OllamaError) return undefined;
    throw error;
  }
}

function checked(model: string): string {
  const problem = nameProblem(model);
  if (problem !== undefined) throw new Refusal(`FROM: ${problem}.`);
  return model;
}
