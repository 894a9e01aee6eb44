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

/** @throws Refusal if the base model is a path: only a Modelfile may name files. */
export function guardName(from: string): void {
  if (!isModelPath(from)) return;
  throw new Refusal(`from names a file, ${from}.`, 'Name it in a modelfile, with a line "FROM path".');
}

/**
 * Restricts a Modelfile to files in allowed folders: their paths become absolute, with links resolved. If it starts
 * from a model, `from` has its name, because in the text the name could also mean a file.
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

/** The base model of a Modelfile; `undefined` if it is a file, or the text is not valid. */
export function modelIn(modelfile: string | undefined): string | undefined {
  try {
    // Stryker disable next-line StringLiteral: no other text is a Modelfile without a line
    const { commands } = parseModelfile(modelfile ?? '');
    const [first] = commands.filter(({ name }) => name === 'from');
    return first && !isModelPath(first.value) ? first.value : undefined;
  } catch (error) {
    // Stryker disable next-line ConditionalExpression: it throws nothing else at present
    if (error instanceof OllamaError) return undefined;
    throw error;
  }
}

function checked(model: string): string {
  const problem = nameProblem(model);
  if (problem !== undefined) throw new Refusal(`FROM: ${problem}.`);
  return model;
}
