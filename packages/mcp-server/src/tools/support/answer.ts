/** What chat and generate answer with. */
import * as z from 'zod';
import { noticeLines, ongoing, usage, usageText } from './output-fields.ts';

/** Spelled out, because hosts need the type of every value. */
const AnyJson = z.union([
  z.record(z.string(), z.unknown()),
  z.array(z.unknown()),
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
]);
export type AnyJson = z.infer<typeof AnyJson>;

/** One answer. */
export const Answer = z.object({
  model: z.string(),
  text: z.string(),
  parsed: AnyJson.optional().describe('The value, where a format was given'),
  thinking: z.string().optional(),
  tool_calls: z.array(z.record(z.string(), z.unknown())).optional(),
  done_reason: z.string().optional(),
  ...ongoing,
  conversation: z.string().optional(),
  usage,
});
export type Answer = z.input<typeof Answer>;

/** One of several, of which some may have failed. */
const OneOfMany = z.object({ ...Answer.partial().shape, error: z.string().optional() });
export type OneOfMany = z.input<typeof OneOfMany>;

/** One answer, or several. All fields are optional: hosts accept no schema with alternatives at its top. */
export const Answers = z.object({
  ...Answer.partial().shape,
  answers: z.array(OneOfMany).optional().describe('With prompts: one for each, in order'),
});
export type Answers = z.input<typeof Answers>;

/** The text of each answer, and a block with the facts about it. */
export function answersText({ answers, notices = [], ...answer }: Answers): string[] {
  if (answers === undefined) return answerText({ notices, ...answer });
  const parts = answers.flatMap(({ error, ...one }, index) => [
    `Answer ${index + 1} of ${answers.length}:`,
    ...(error === undefined ? answerText(one) : [`Failed: ${error}`]),
  ]);
  return [...parts, ...(notices.length > 0 ? [noticeLines(notices).join('\n')] : [])];
}

export const allFailed = ({ answers }: Answers): boolean =>
  answers !== undefined && answers.length > 0 && answers.every(({ error }) => error !== undefined);

function answerText({ text = '', usage = {}, ...rest }: Omit<Answers, 'answers'>): string[] {
  const { parsed: _, model, done_reason, partial, notices = [], ...said } = rest;
  const facts = [model, done_reason, partial && 'incomplete', usageText(usage)].filter(Boolean).join(', ');
  const more = Object.keys(said).length > 0 ? `\n${JSON.stringify(said)}` : '';
  return [...(text === '' ? [] : [text]), [`[${facts}]${more}`, ...noticeLines(notices)].join('\n')];
}
