import { randomUUID } from 'node:crypto';
import type { Ollama, RunningModel } from '@ollama-toolbelt/core';
import type { Choosing, OpenTarget, Subject } from './target.ts';

/** So that whatever a test leaves behind can be told from a person's own models. */
const prefix = 'toolbelt-contract';

/** Looks up what the models can do, once. */
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

  /** Unloads what was not there, and loads again what was, for the time that it had left. */
  async restore(): Promise<void> {
    const { models } = await this.#ollama.ps();
    const before = new Set(this.#models.map(({ name }) => name));
    for (const { name } of models.filter((model) => !before.has(model.name))) {
      await this.#ollama.unload({ model: name });
    }
    for (const { name, expires_at, context_length } of this.#models) {
      const left = Math.round((Date.parse(expires_at) - Date.now()) / 1000);
      const options = context_length === undefined ? {} : { options: { num_ctx: context_length } };
      if (left > 0)
        await this.#ollama.load({ model: name, keep_alive: left > 10 * 365 * 86_400 ? -1 : left, ...options });
    }
  }
}
