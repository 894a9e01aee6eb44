import * as z from 'zod';
import { Refusal } from '../refusal.ts';
import { Answers, allFailed, answersText } from '../support/answer.ts';
import { askFiles, isForEach } from '../support/ask-files.ts';
import { askMany } from '../support/ask-many.ts';
import { askModel, type Question } from '../support/ask-model.ts';
import { type Attachments, readAttachments } from '../support/attachments.ts';
import * as fields from '../support/input-fields.ts';
import { defineTool, readOnly } from '../tool.ts';
import type { ToolContext } from '../tool-context.ts';

const Input = z.strictObject({
  model: fields.model,
  prompt: fields.prompt.describe('Omit if prompts is given'),
  prompts: fields.prompts.describe('Several at once; omit if prompt is given'),
  system: fields.system,
  suffix: fields.suffix.describe('Text after the gap to fill; otherwise omit'),
  raw: fields.raw,
  files: fields.files,
  for_each: fields.for_each,
  output: fields.output,
  images: fields.images,
  ...fields.answering,
});
type Input = z.output<typeof Input>;

export const generate = defineTool({
  name: 'ollama_generate',
  title: 'Generate text with a local model',
  description: 'Answers one prompt with an Ollama model; with suffix, returns the text between them.',
  input: Input,
  output: Answers.omit({ conversation: true }),
  annotations: { ...readOnly, idempotentHint: false },
  toolset: 'inference',
  fieldNeeds: { job: 'session', ...fields.fileNeeds },
  withFiles: fields.withFiles,
  defaultModel: 'chat',
  async run(args, context) {
    const { prompts } = args;
    // Models that must fill in every field send an empty `prompt` with `prompts`.
    const prompt = args.prompt === '' && prompts !== undefined ? undefined : args.prompt;
    if (prompts === undefined && prompt === undefined)
      throw new Refusal('Bad arguments for ollama_generate:', 'prompt: missing (text)');
    if (prompts !== undefined && prompt !== undefined) throw new Refusal('Pass either prompt or prompts, not both.');
    if (isForEach(args))
      return askFiles(args, context, (attachments) => questionFor(prompt ?? '', args, attachments, context));
    const attachments = await readAttachments(args, context);
    if (prompts === undefined) return askModel(questionFor(prompt ?? '', args, attachments, context), context);
    return askMany(
      prompts.map((one) => questionFor(one, args, attachments, context)),
      context,
    );
  },
  text: answersText,
  failed: allFailed,
});

function questionFor(
  prompt: string,
  { prompts: _, files = [], for_each: __, output: ___, options, ...args }: Input,
  { text, images }: Attachments,
  { ollama, signal }: Pick<ToolContext, 'ollama' | 'signal'>,
): Question {
  const { model } = args;
  const isWhole = files.length > 0;
  const request = {
    ...args,
    prompt: text === '' ? prompt : `${text}${prompt}`.trimEnd(),
    ...(images.length > 0 ? { images } : { images: undefined }),
    ...(isWhole && { truncate: false }),
  };
  return {
    model,
    options,
    isWhole,
    send: (options) => ollama.generateStream({ ...request, options }, { signal }),
  };
}
