import { ChatResponse, GenerateResponse } from '@ollama-toolbelt/core/schemas';
import { expect } from 'vitest';
import * as z from 'zod';
import type { ContractTest } from './contract-test.ts';
import { steady, words } from './pocket-answers.ts';
import { valid } from './responses.ts';

const Person = z.object({ name: z.string(), city: z.string() });
const jsonSchema = z.toJSONSchema(Person);
/** Room for models that write a lot of white space, or that think regardless of the setting. */
const options = { ...steady, num_predict: 2048 };
const think = false;
const { prompt, value } = words.json;
const messages = [{ role: 'user' as const, content: prompt }];

/** Answers in a requested format. */
export function formatContract(test: ContractTest): void {
  test('generate in JSON', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const { parsed, ...answer } = await ollama.generate({ model, prompt, format: 'json', think, options });
    expect(JSON.parse(valid(GenerateResponse, answer).response)).toEqual(parsed);
    if (canAssumeWords) expect(parsed).toEqual(value);
  });

  test('generate by a JSON Schema', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const { parsed, ...answer } = await ollama.generate({ model, prompt, format: jsonSchema, think, options });
    valid(GenerateResponse, answer);
    valid(Person, parsed);
    if (canAssumeWords) expect(parsed).toEqual(value);
  });

  test('chat by a zod schema', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const { parsed, ...answer } = await ollama.chat({ model, messages, format: Person, think, options });
    valid(ChatResponse, answer);
    valid(Person, parsed);
    if (canAssumeWords) expect(parsed).toEqual(value);
  });

  test('chat in JSON, streamed', async ({ ollama, chatModel: model }) => {
    let text = '';
    for await (const chunk of ollama.chatStream({ model, messages, format: jsonSchema, think, options })) {
      text += valid(ChatResponse, chunk).message.content;
    }
    valid(Person, JSON.parse(text));
  });

  test('thinking, then an answer by a schema', async ({ ollama, modelThatCan, canAssumeWords }) => {
    const request = { model: modelThatCan('thinking'), messages, format: Person, think: true, options };
    const { parsed, ...answer } = await ollama.chat(request);
    valid(ChatResponse, answer);
    valid(Person, parsed);
    if (canAssumeWords) expect(answer.message.thinking).toMatch(/\S/);
  });
}
