import * as z from 'zod';
import { defineTool, readOnly } from '../tool.ts';
import { Answer, answerText, readAnswer } from './answer.ts';
import * as fields from './fields.ts';

export const chat = defineTool({
  name: 'ollama_chat',
  title: 'Chat with a local model',
  description: 'Answer of an Ollama model to a conversation, with images, tools and JSON output where it can.',
  input: z.strictObject({
    model: fields.model,
    messages: z.array(fields.message),
    tools: z.array(fields.tool).optional(),
    format: fields.format,
    think: fields.think,
    keep_alive: fields.keep_alive,
    options: fields.options,
  }),
  output: Answer,
  annotations: { ...readOnly, idempotentHint: false },
  toolset: 'inference',
  defaultModel: 'chat',
  run: (args, { ollama, signal, progress }) => readAnswer(ollama.chatStream(args, { signal }), args, progress),
  text: answerText,
});
