import { Refusal } from '../tools/refusal.ts';

/** Something that cannot be taken back. */
export interface Deed {
  /** As a question: "Delete the model x?" */
  question: string;
  /** Name of the model that is lost or published. */
  name: string;
  /** What the call says in `confirm`. */
  confirm: string | undefined;
}

/**
 * Makes sure that somebody wants it.
 *
 * @throws Refusal where nobody does.
 */
export type Confirm = (deed: Deed) => Promise<void>;

/** Asks the person; only where the client can. */
export type Ask = (question: string, signal: AbortSignal) => Promise<boolean>;

/** The person decides where the client can ask; elsewhere the call has to repeat the name of the model. */
export const confirmBy =
  (ask: Ask | undefined, signal: AbortSignal): Confirm =>
  async ({ question, name, confirm }) => {
    if (ask !== undefined) {
      if (await ask(question, signal)) return;
      throw new Refusal(`Not confirmed, so that nothing was changed: ${question}`);
    }
    if (confirm === name) return;
    throw new Refusal(
      confirm === undefined ? `This needs a confirmation: ${question}` : `confirm names another model: ${question}`,
      `To do it, repeat the call with confirm: ${JSON.stringify(name)}.`,
    );
  };
