import type { Message } from '@ollama-toolbelt/core/neutral';
import { ChatResponse } from '@ollama-toolbelt/core/schemas';
import { expect } from 'vitest';
import type { ContractTest } from './contract-test.ts';
import { steady, weatherCall, weatherTool, words } from './pocket-answers.ts';
import { valid, validChunks } from './responses.ts';

const question: Message = { role: 'user', content: words.weather.prompt };

/** Tools: the model's calls, and its answer to the result. */
export function toolsContract(test: ContractTest): void {
  test('a tool is called', async ({ ollama, modelThatCan, canAssumeWords }) => {
    const request = { model: modelThatCan('tools'), messages: [question], tools: [weatherTool], options: steady };
    const { message } = valid(ChatResponse, await ollama.chat(request));
    // Not every model calls it for this question. If it does, the schema checks that its arguments are an object.
    for (const call of message.tool_calls ?? []) expect(call.function.name).not.toBe('');
    if (canAssumeWords) expect(message).toMatchObject({ content: '', tool_calls: [weatherCall] });
  });

  test('a tool is called, streamed', async ({ ollama, modelThatCan, canAssumeWords }) => {
    const request = { model: modelThatCan('tools'), messages: [question], tools: [weatherTool], options: steady };
    const chunks = await validChunks(ChatResponse, ollama.chatStream(request));
    expect(chunks.at(-1)?.done).toBe(true);
    if (canAssumeWords) expect(chunks.flatMap(({ message }) => message.tool_calls ?? [])).toMatchObject([weatherCall]);
  });

  test('the result of a tool is answered', async ({ ollama, modelThatCan, canAssumeWords }) => {
    const result: Message = {
      role: 'tool',
      tool_name: 'get_weather',
      tool_call_id: 'call_12345678',
      content: words.weather.result,
    };
    const call = { ...weatherCall, id: 'call_12345678' };
    const messages: Message[] = [question, { role: 'assistant', content: '', tool_calls: [call] }, result];
    const request = { model: modelThatCan('tools'), messages, tools: [weatherTool], options: steady };
    const answer = valid(ChatResponse, await ollama.chat(request));
    expect(answer.eval_count).toBeGreaterThan(0);
    if (canAssumeWords) expect(answer.message.content).toBe(words.weather.answer);
  });

  test('a conversation runs the tool and gives its result back', async ({ ollama, modelThatCan, canAssumeWords }) => {
    const asked: unknown[] = [];
    const { name, description = '', parameters = {} } = weatherTool.function;
    const conversation = ollama.conversation({
      model: modelThatCan('tools'),
      options: steady,
      tools: [
        {
          name,
          description,
          parameters,
          run: (args: unknown) => {
            asked.push(args);
            return words.weather.result;
          },
        },
      ],
    });
    const answer = valid(ChatResponse, await conversation.send(words.weather.prompt));
    expect(conversation.messages.at(-1)).toMatchObject({ role: 'assistant', content: answer.message.content });
    expect(conversation.messages.filter(({ role }) => role === 'tool')).toHaveLength(asked.length);
    if (canAssumeWords) {
      expect(asked).toEqual([weatherCall.function.arguments]);
      expect(answer.message.content).toBe(words.weather.answer);
    }
  });
}
