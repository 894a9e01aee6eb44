import { ChatRequest, Message } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';
import { defineTool, readOnly } from '../tool.ts';
import { Answer, answerText, readAnswer } from './answer.ts';
import * as fields from './fields.ts';

export const chat = defineTool({
  name: 'ollama_chat',
  title: 'Chat with a local model',
  description: 'Answer of an Ollama model to a conversation. It takes images, tools and a JSON format.',
  input: z.strictObject({
    model: fields.model,
    messages: z
      .array(Message.omit({ thinking: true }).extend({ images: fields.images }))
      .describe('The conversation so far'),
    tools: ChatRequest.shape.tools,
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
