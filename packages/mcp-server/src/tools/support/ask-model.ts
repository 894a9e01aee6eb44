import { type ModelOptions, OllamaError } from '@ollama-toolbelt/core';
import type { ToolContext } from '../tool-context.ts';
import type { Answer, Answers } from './answer.ts';
import { type Chunk, GatheredAnswer } from './answer-accumulator.ts';
import { fittingContext } from './raise-context.ts';

/** One request for an answer, as far as it has to be known to send it, and to send it again. */
export interface Question {
  model: string;
  format?: unknown;
  options?: ModelOptions | undefined;
  /** It holds files, which are never cut in silence: what does not fit is sent once more with a larger context. */
  isWhole: boolean;
  send(options: ModelOptions | undefined): AsyncIterable<Chunk>;
  /** Gets the larger context that was needed. */
  onContext?(numCtx: number): void;
}

/** Answers one question; past the budget with the text there is. */
export function answerOne(question: Question, context: ToolContext<Answers>): Promise<Answer> {
  const gathered = new GatheredAnswer(question, context.progress);
  context.partial({ value: () => gathered.value(), isWorthIt: () => gathered.hasText });
  return answer(question, gathered, context);
}

/** Reads the answer to a question into what was gathered of it. */
export async function answer(
  question: Question,
  gathered: GatheredAnswer,
  { ollama, signal }: Pick<ToolContext, 'ollama' | 'signal'>,
): Promise<Answer> {
  const { model, options, isWhole } = question;
  try {
    return await gathered.read(question.send(options));
  } catch (error) {
    if (!isWhole || !isTooLong(error)) throw error;
    const found = await fittingContext(error, { model, numPredict: options?.num_predict }, ollama, signal);
    question.onContext?.(found.numCtx);
    const notice = { code: 'context_raised', message: found.message };
    return gathered.read(question.send({ ...options, num_ctx: found.numCtx }), [notice]);
  }
}

const isTooLong = (error: unknown): error is OllamaError =>
  error instanceof OllamaError && error.code === 'context_exceeded';
