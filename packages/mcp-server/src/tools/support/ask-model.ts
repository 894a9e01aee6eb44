import { type ModelOptions, OllamaError } from '@ollama-toolbelt/core/neutral';
import type { ToolContext } from '../tool-context.ts';
import type { Answer, Answers } from './answer.ts';
import { type AnswerStream, GrowingAnswer } from './growing-answer.ts';
import { raiseContext } from './raise-context.ts';

/** One request for an answer. It may be sent again with other options. */
export interface Question {
  model: string;
  options?: ModelOptions | undefined;
  /** Contains files, which are never cut: if they do not fit, the question is sent again with a larger context. */
  isWhole: boolean;
  send(options: ModelOptions | undefined): AnswerStream;
  /** Receives the larger context that was needed. */
  onContext?(numCtx: number): void;
}

/** Asks one question. If the time budget is over, the answer is the text so far. */
export function askModel(question: Question, context: ToolContext<Answers>): Promise<Answer> {
  const growing = new GrowingAnswer(question, context.progress);
  context.partial({ value: () => growing.value(), isWorthIt: () => growing.hasText });
  return readAnswer(question, growing, context);
}

/** Reads the answer to a question. */
export async function readAnswer(
  question: Question,
  growing: GrowingAnswer,
  { ollama, signal }: Pick<ToolContext, 'ollama' | 'signal'>,
): Promise<Answer> {
  const { model, options, isWhole } = question;
  try {
    return await growing.read(question.send(options));
  } catch (error) {
    if (!isWhole || !isTooLong(error)) throw error;
    const found = await raiseContext(error, { model, numPredict: options?.num_predict }, ollama, signal);
    question.onContext?.(found.numCtx);
    const notice = { code: 'context_raised', message: found.message };
    const whole = await growing.read(question.send({ ...options, num_ctx: found.numCtx }));
    return { ...whole, notices: [notice, ...(whole.notices ?? [])] };
  }
}

const isTooLong = (error: unknown): error is OllamaError =>
  error instanceof OllamaError && error.code === 'context_exceeded';
