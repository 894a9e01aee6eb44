import { randomUUID } from 'node:crypto';
import { type Ollama, OllamaError, type RunningModel } from '@ollama-toolbelt/core/neutral';
import type { Choosing, OpenTarget, Subject } from './target.ts';

/** A prefix that tells a test's leftovers from a person's own models. */
const prefix = 'toolbelt-contract';

/** Looks up the capabilities of the models, once. */
export async function openSubject(
  { otherModels, ...target }: OpenTarget,
  ollama: Ollama,
  created: string[],
): Promise<Omit<Subject, Choosing>> {
  const capabilities = new Map<string, readonly string[]>();
  for (const model of [target.chatModel, target.embedModel, ...otherModels]) {
    capabilities.set(model, (await ollama.show({ model })).capabilities ?? []);
  }
  return {
    ...target,
    ollama,
    can: (model, capability) => capabilities.get(model)?.includes(capability) ?? false,
    freshName: () => {
      const name = `${prefix}-${randomUUID().slice(0, 8)}`;
      created.push(name);
      return name;
    },
  };
}

/** Unloads a model, then deletes it: a model deleted while loaded can no longer be named, and stays in memory. */
export async function remove(ollama: Ollama, model: string): Promise<void> {
  await ifInstalled(ollama.unload({ model }));
  await ifInstalled(ollama.delete({ model }));
}

/** Waits for the call, and ignores that there is no such model. */
async function ifInstalled(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof OllamaError && error.code === 'model_not_found') return false;
    throw error;
  }
}

/** Which models were loaded, and for how long. */
export class LoadedState {
  readonly #ollama: Ollama;
  readonly #models: readonly RunningModel[];

  private constructor(ollama: Ollama, models: readonly RunningModel[]) {
    this.#ollama = ollama;
    this.#models = models;
  }

  static async of(ollama: Ollama): Promise<LoadedState> {
    return new LoadedState(ollama, (await ollama.ps()).models);
  }

  /**
   * Unloads models that were not loaded before, and loads those that were, for the time that they had left. A model
   * that was deleted while loaded shares its weights with the one it was created from, so unloading that one unloads it
   * too.
   */
  async restore(base: string): Promise<void> {
    const { models } = await this.#ollama.ps();
    const before = new Set(this.#models.map(({ name }) => name));
    const strays = models.filter((model) => !before.has(model.name));
    for (const { name } of strays) {
      if (!(await ifInstalled(this.#ollama.unload({ model: name })))) await this.#ollama.unload({ model: base });
    }
    for (const { name, expires_at, context_length } of this.#models) {
      const left = Math.round((Date.parse(expires_at) - Date.now()) / 1000);
      const options = context_length === undefined ? {} : { options: { num_ctx: context_length } };
      const keep_alive = left > 10 * 365 * 86_400 ? -1 : left;
      if (left > 0) await ifInstalled(this.#ollama.load({ model: name, keep_alive, ...options }));
    }
  }
}
