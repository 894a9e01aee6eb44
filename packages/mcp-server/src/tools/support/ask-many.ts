import { Refusal } from '../refusal.ts';
import type { ToolContext } from '../tool-context.ts';
import { silentProgress } from '../tool-context.ts';
import type { Answer, Answers } from './answer.ts';
import { type Question, readAnswer } from './ask-model.ts';
import { GrowingAnswer } from './growing-answer.ts';

const CONCURRENCY = 2;
const MAX_PROMPTS = 100;

type OneOfMany = Partial<Answer> & { error?: string };

/** Asks each question by itself, some at a time. One that fails says so in its place. */
export async function askMany(questions: readonly Question[], context: ToolContext<Answers>): Promise<Answers> {
  if (questions.length === 0) throw new Refusal('prompts is empty.');
  if (questions.length > MAX_PROMPTS) {
    throw new Refusal(`prompts: ${questions.length} are too many for one call; ${MAX_PROMPTS} is the most.`);
  }
  // Progress counts whole answers.
  const growing = questions.map((question) => new GrowingAnswer(question, silentProgress));
  const done: (OneOfMany | undefined)[] = questions.map(() => undefined);
  context.partial({
    value: () => ({ answers: done.map((one, index) => one ?? { ...growing[index]?.value(), partial: true }) }),
    isWorthIt: () => growing.some(({ hasText }) => hasText),
  });
  const waiting = questions.entries();
  const work = async () => {
    for (const [index, question] of waiting) {
      const own = growing[index] ?? new GrowingAnswer(question, silentProgress);
      done[index] = await readAnswer(question, own, context).catch(async (error: unknown) => ({
        error: await context.explain(error),
      }));
      const count = done.filter((one) => one !== undefined).length;
      context.progress.report(count, `${count} of ${questions.length} answers`, { total: questions.length });
    }
  };
  context.progress.report(0, `0 of ${questions.length} answers`, { total: questions.length });
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { answers: done.map((one) => one ?? {}) };
}
