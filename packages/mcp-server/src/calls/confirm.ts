import { canonicalModel } from '@ollama-toolbelt/core';
import { Refusal } from '../tools/refusal.ts';
import type { Confirm } from '../tools/tool-context.ts';

/** Asks the person, if the client can. */
export type Ask = (question: string, signal: AbortSignal) => Promise<boolean>;

/** The person decides if the client can ask; else the call has to repeat the name of the model. */
export const confirmBy =
  (ask: Ask | undefined, signal: AbortSignal): Confirm =>
  async ({ question, name, confirm }) => {
    if (ask !== undefined) {
      if (await ask(question, signal)) return;
      throw new Refusal(`Not confirmed, so nothing was changed: ${question}`);
    }
    if (confirm !== undefined && canonicalModel(confirm) === canonicalModel(name)) return;
    throw new Refusal(
      confirm === undefined ? `This needs a confirmation: ${question}` : `confirm names another model: ${question}`,
      `To do it, repeat the call with confirm: ${JSON.stringify(name)}.`,
    );
  };
