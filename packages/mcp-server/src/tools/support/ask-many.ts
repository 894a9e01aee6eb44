import { runParallel } from '@ollama-toolbelt/core/neutral';
import { Refusal } from '../refusal.ts';
import type { ToolContext } from '../tool-context.ts';
import { silentProgress } from '../tool-context.ts';
import type { Answers, OneOfMany } from './answer.ts';
import { type Question, readAnswer } from './ask-model.ts';
import { GrowingAnswer } from './growing-answer.ts';

const MAX_PROMPTS = 100;

/** Asks each question separately, some at a time. A failure takes the place of the answer. */
export async function askMany(questions: readonly Question[], context: ToolContext<Answers>): Promise<Answers> {
  if (questions.length > MAX_PROMPTS) {
    throw new Refusal(`prompts: ${questions.length} are too many for one call; ${MAX_PROMPTS} is the most.`);
  }
  // Progress counts whole answers.
  const asked = questions.map((question) => ({ question, growing: new GrowingAnswer(question, silentProgress) }));
  const answers: OneOfMany[] = [];
  context.partial({
    value: () => ({ answers: asked.map(({ growing }, i) => answers[i] ?? { ...growing.value(), partial: true }) }),
    isWorthIt: () => asked.some(({ growing }) => growing.hasText),
  });
  const report = () => {
    const count = Object.keys(answers).length;
    context.progress.report(count, `${count} of ${questions.length} answers`, { total: questions.length });
  };
  report();
  await runParallel(asked.entries(), context.concurrency, context.signal, async ([index, { question, growing }]) => {
    answers[index] = await readAnswer(question, growing, context).catch(async (error: unknown) => ({
      error: await context.explain(error),
    }));
    report();
  });
  return { answers };
}
