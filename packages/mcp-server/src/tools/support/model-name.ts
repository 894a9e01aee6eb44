import { canonicalModel, type Ollama } from '@ollama-toolbelt/core/neutral';
import * as z from 'zod';
import { formatBytes } from './format-bytes.ts';

const MAX_CHARACTERS = 300;

/** White space, control characters, and invisible characters that change the order or look of text. */
const HIDDEN = /[\s\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * The problem with the name of a model, if any. Questions to the person contain the name, so it must not look like a
 * sentence. Ollama ignores everything before `://`, so such a name would be misleading.
 */
export function nameProblem(name: string): string | undefined {
  if (name.length > MAX_CHARACTERS) return `the name of a model has ${MAX_CHARACTERS} characters at most`;
  if (HIDDEN.test(name.trim())) return 'a model name may not contain white space or invisible characters';
  if (name.includes('://')) return 'a model name may not contain "://"; write it without, as in "hf.co/owner/name"';
  return undefined;
}

/** Removes the quotes of hosts that write every argument as JSON. */
function unquoted(name: string): string {
  return /^\s*(["'`])([^"'`]*)\1\s*$/.exec(name)?.[2] ?? name;
}

/** The name of a model in the arguments of a tool. */
export const modelName = z
  .string()
  .overwrite(unquoted)
  .trim()
  .superRefine((name, context) => {
    const message = nameProblem(name);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** An installed model, with its name on the server. */
export interface Installed {
  name: string;
  /** Such as `4.7 GB`. */
  size: string;
}

/** The installed model for a name in any form; `undefined` if there is none. */
export async function findInstalled(name: string, ollama: Ollama, signal: AbortSignal): Promise<Installed | undefined> {
  const wanted = canonicalModel(name);
  const { models } = await ollama.list({ signal });
  const found = models.find((one) => one.name === name) ?? models.find((one) => canonicalModel(one.name) === wanted);
  return found && { name: found.name, size: formatBytes(found.size) };
}

/** The form for questions: in quotes, with its size. */
export const described = ({ name, size }: Installed): string => `${JSON.stringify(name)} (${size})`;
