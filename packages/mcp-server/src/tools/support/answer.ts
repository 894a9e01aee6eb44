/** The results of chat and generate. */
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
  parsed: AnyJson.optional().describe('The JSON value, if a format was given'),
  thinking: z.string().optional(),
  tool_calls: z.array(z.record(z.string(), z.unknown())).optional(),
  done_reason: z.string().optional(),
  ...ongoing,
  conversation: z.string().optional(),
  usage,
});
export type Answer = z.input<typeof Answer>;

/** One of several answers, some of which may have failed. */
const OneOfMany = z.object({
  file: z.string().optional(),
  ...Answer.partial().shape,
  error: z.string().optional(),
});
export type OneOfMany = z.input<typeof OneOfMany>;

/** The file with the answers, and their number. */
const Output = z.object({
  path: z.string(),
  files: z.number(),
  answered: z.number(),
  kept: z.number().describe('Answered by an earlier call'),
  failed: z.number(),
});

/** One answer, or several. All fields are optional, because hosts accept no union at the top of a schema. */
export const Answers = z.object({
  ...Answer.partial().shape,
  answers: z.array(OneOfMany).optional().describe('With prompts or for_each: one for each, in order'),
  output: Output.optional().describe('With output: the file that has the answers'),
});
export type Answers = z.input<typeof Answers>;

/** The text of each answer, and a block with the facts about it. */
export function answersText({ answers, output, notices = [], ...answer }: Answers): string[] {
  const more = notices.length > 0 ? [noticeLines(notices).join('\n')] : [];
  if (output !== undefined) return [...outputText(output, answer), ...more];
  if (answers === undefined) return answerText({ notices, ...answer });
  const isAboutFiles = answers.some(({ file }) => file !== undefined);
  return [
    ...(isAboutFiles ? answers.map(fileText) : answers.flatMap((one, index) => partText(one, index, answers.length))),
    ...(isAboutFiles ? answerText(answer) : []),
    ...more,
  ];
}

function partText({ error, ...one }: OneOfMany, index: number, count: number): string[] {
  const head = `Answer ${index + 1} of ${count}:`;
  return error === undefined ? [head, ...answerText(one)] : [head, `Failed: ${error}`];
}

/** The text for one file. Facts about all files follow the last one. */
function fileText({ file = '', error, text = '', thinking, tool_calls, partial, notices = [] }: OneOfMany): string {
  if (error !== undefined) return `${file}: failed: ${error}`;
  const others = { ...(thinking !== undefined && { thinking }), ...(tool_calls !== undefined && { tool_calls }) };
  return [
    `${file}:${partial ? ' (incomplete)' : ''}`,
    ...(text === '' ? [] : [text]),
    ...(Object.keys(others).length > 0 ? [JSON.stringify(others)] : []),
    ...noticeLines(notices),
  ].join('\n');
}

function outputText({ path, files, answered, kept, failed }: z.input<typeof Output>, rest: Answers): string[] {
  const earlier = kept > 0 ? `, ${kept} kept from an earlier call` : '';
  return [
    `Files: ${files}; ${answered} answered${earlier}, ${failed} failed. The answers are in ${path}`,
    ...answerText(rest),
  ];
}

/** Whether all answers failed. */
export const allFailed = ({ answers, output }: Answers): boolean => {
  if (output !== undefined) return output.failed > 0 && output.answered + output.kept === 0;
  return answers !== undefined && answers.length > 0 && answers.every(({ error }) => error !== undefined);
};

function answerText({ text = '', usage = {}, ...rest }: Omit<Answers, 'answers' | 'output'>): string[] {
  const { parsed: _, model, done_reason, partial, notices = [], ...others } = rest;
  const facts = [model, done_reason, partial && 'incomplete', usageText(usage)].filter(Boolean).join(', ');
  const more = Object.keys(others).length > 0 ? `\n${JSON.stringify(others)}` : '';
  return [...(text === '' ? [] : [text]), [`[${facts}]${more}`, ...noticeLines(notices)].join('\n')];
}
