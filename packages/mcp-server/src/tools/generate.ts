import * as z from 'zod';
import { defineTool, readOnly } from '../tool.ts';
import { Answer, answerText, readAnswer } from './answer.ts';
import * as fields from './fields.ts';

export const generate = defineTool({
  name: 'ollama_generate',
  title: 'Generate text with a local model',
  description: 'Answer of an Ollama model to one prompt; with suffix, the text that goes between the two.',
  input: z.strictObject({
    model: fields.model,
    prompt: fields.prompt,
    system: fields.system,
    suffix: fields.suffix,
    raw: fields.raw,
    images: fields.images,
    format: fields.format,
    think: fields.think,
    keep_alive: fields.keep_alive,
    options: fields.options,
  }),
  output: Answer,
  annotations: { ...readOnly, idempotentHint: false },
  toolset: 'inference',
  defaultModel: 'chat',
  run: (args, { ollama, signal, progress }) => readAnswer(ollama.generateStream(args, { signal }), args, progress),
  text: answerText,
});
