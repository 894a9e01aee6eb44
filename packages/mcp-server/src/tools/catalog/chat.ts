import type { ChatRequest, Message } from '@ollama-toolbelt/core/neutral';
import * as z from 'zod';
import { unlisted, word } from '../field-marks.ts';
import { Refusal } from '../refusal.ts';
import { type Answer, Answers, allFailed, answersText } from '../support/answer.ts';
import { askFiles, isForEach } from '../support/ask-files.ts';
import { askMany } from '../support/ask-many.ts';
import { askModel, type Question } from '../support/ask-model.ts';
import { readAttachments, withAttachments } from '../support/attachments.ts';
import * as fields from '../support/input-fields.ts';
import { openConversation } from '../support/open-conversation.ts';
import { readImages } from '../support/read-images.ts';
import { defineTool, readOnly } from '../tool.ts';
import type { ToolContext } from '../tool-context.ts';

const Input = z.strictObject({
  model: fields.model,
  messages: z.array(fields.message).optional(),
  prompts: fields.prompts.describe('User messages, each answered separately; omit if conversation is given'),
  conversation: word(
    z.string().optional().describe('"new", then the returned id: the server keeps the history; otherwise omit'),
  ),
  reset: z.boolean().optional().describe('Forget the history first'),
  files: fields.files,
  // `ollama_generate` already lists it, and each listing costs tokens.
  for_each: unlisted(fields.for_each),
  output: unlisted(fields.output),
  images: fields.images,
  tools: z.array(fields.tool).optional(),
  ...fields.answering,
});
type Input = z.output<typeof Input>;

export const chat = defineTool({
  name: 'ollama_chat',
  title: 'Chat with a local model',
  description:
    'Answers a conversation with an Ollama model, with images, tools and JSON output if the model supports them.',
  input: Input,
  output: Answers,
  annotations: { ...readOnly, idempotentHint: false },
  toolset: 'inference',
  fieldNeeds: { conversation: 'session', reset: 'session', job: 'session', ...fields.fileNeeds },
  withFiles: fields.withFiles,
  defaultModel: 'chat',
  async run(args, context) {
    const { prompts, conversation, messages } = args;
    if (conversation === undefined && messages === undefined && prompts === undefined) {
      throw new Refusal('Bad arguments for ollama_chat:', 'messages: missing (a list)');
    }
    if (conversation !== undefined && prompts !== undefined) {
      throw new Refusal('A conversation gives one answer at a time: pass either prompts or conversation.');
    }
    const isByFile = isForEach(args);
    if (isByFile && conversation !== undefined) {
      throw new Refusal('A conversation gives one answer at a time: pass either for_each or conversation.');
    }
    const sent = await withImages(messages ?? [], context);
    if (isByFile)
      return askFiles({ ...args, messages: sent }, context, (attachments) =>
        plainQuestion(args, withAttachments(sent, attachments), context),
      );
    const attachments = await readAttachments(args, context);
    if (conversation !== undefined) return converse(conversation, args, withAttachments(sent, attachments), context);
    const question = (all: Message[]) => plainQuestion(args, withAttachments(all, attachments), context);
    if (prompts === undefined) return askModel(question(sent), context);
    return askMany(
      prompts.map((content) => question([...sent, { role: 'user', content }])),
      context,
    );
  },
  text: answersText,
  failed: allFailed,
});

/** Images in the messages may be paths too. */
function withImages(messages: NonNullable<Input['messages']>, { files }: ToolContext<Answers>): Promise<Message[]> {
  return Promise.all(
    messages.map(async ({ images, ...message }) =>
      images === undefined ? message : { ...message, images: await readImages(images, files) },
    ),
  );
}

function plainQuestion(args: Input, messages: Message[], { ollama, signal }: ToolContext<Answers>): Question {
  const { model, tools, format, think, keep_alive, options } = args;
  const isWhole = args.files !== undefined && args.files.length > 0;
  const request: ChatRequest = {
    model,
    messages,
    tools,
    format,
    think,
    keep_alive,
    ...(isWhole && { truncate: false }),
  };
  return {
    model,
    options,
    isWhole,
    send: (options) => ollama.chatStream({ ...request, options }, { signal }),
  };
}

async function converse(wanted: string, args: Input, sent: Message[], context: ToolContext<Answers>): Promise<Answer> {
  const { ollama, session, signal } = context;
  const { model, tools, reset, format, think, keep_alive, options } = args;
  if (session === undefined) throw new Refusal('This server keeps no conversations.');
  const { id, kept, messages } = openConversation(wanted, { model, tools, reset, messages: sent }, { ollama, session });
  if (messages.length === 0) return { model, text: '', conversation: id, usage: {} };
  const question: Question = {
    model,
    options: kept.numCtx === undefined ? options : { num_ctx: kept.numCtx, ...options },
    isWhole: true,
    send: (options) => kept.chat.sendStream(messages, { model, format, think, keep_alive, options, signal }),
    onContext: (numCtx) => {
      kept.numCtx = numCtx;
    },
  };
  const own: ToolContext<Answers> = {
    ...context,
    partial: ({ value, ...more }) => context.partial({ ...more, value: () => ({ ...value(), conversation: id }) }),
  };
  return { ...(await askModel(question, own)), conversation: id };
}
