import { canonicalModel } from '@ollama-toolbelt/core/neutral';
import { Refusal } from '../tools/refusal.ts';
import type { Confirm, Irreversible, Progress } from '../tools/tool-context.ts';
import { WAITING } from './progress.ts';

/** How the person responds to a question: agrees, refuses, or closes it. */
export type Reply = 'accept' | 'decline' | 'cancel';

/** Ends a call without a result, because the client has to do something first. */
export class CallAgain extends Error {}

/** The client has to ask the person this question. */
export class Question extends CallAgain {
  override readonly name = 'Question';
}

/** Asks the person. Rejects with `CallAgain` if the client has to call again, or with the error if it fails to ask. */
export type Ask = (question: string, signal: AbortSignal) => Promise<Reply>;

/** Nobody was asked, and the call did not repeat the name. Programs that can ask find the question in the result. */
export class Unconfirmed extends Refusal {
  readonly question: string;
  /** The value that `confirm` must have. */
  readonly confirm: string;

  constructor(message: string, { question, name }: Pick<Irreversible, 'question' | 'name'>) {
    super(message, `To do it, repeat the call with confirm: ${JSON.stringify(name)}.`);
    this.question = question;
    this.confirm = name;
  }
}

/** The person decides, if the client can ask. If it can't or fails, the call has to repeat the name of the model. */
export const confirmBy =
  (ask: Ask | undefined, signal: AbortSignal, progress: Progress): Confirm =>
  async ({ question, name, confirm }) => {
    if (ask) progress.report(0, 'waiting for the user to answer');
    const reply = await replyOf(ask, question, signal);
    if (ask) progress.report(0, WAITING);
    if (reply === 'accept') return;
    if (reply !== undefined) throw new Refusal(`${refusals[reply]} ${question}`, UNASKED);
    if (confirm !== undefined && canonicalModel(confirm) === canonicalModel(name)) return;
    throw new Unconfirmed(
      confirm === undefined ? `This needs confirmation: ${question}` : `confirm names another model: ${question}`,
      { question, name },
    );
  };

/** Some hosts claim that they can ask, but decline without asking. */
const UNASKED =
  'If nobody saw the question, the host answered by itself: with the setting --confirm argument, the call takes confirm instead.';

const refusals = {
  decline: 'The user declined, so nothing was changed:',
  cancel: 'The user closed the question without an answer, so nothing was changed:',
} as const;

/** `undefined` if nobody could be asked. */
async function replyOf(ask: Ask | undefined, question: string, signal: AbortSignal): Promise<Reply | undefined> {
  try {
    // Stryker disable next-line OptionalChaining: what it throws is caught
    return await ask?.(question, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CallAgain) throw error;
    return undefined;
  }
}
