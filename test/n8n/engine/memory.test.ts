import { describe, expect, test } from 'vitest';
import { chat } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine({ withSdk: true });

/** As n8n's memory nodes supply it; its messages are class instances, whose type is a method. */
class StandInMemory {
  readonly saved: object[] = [];
  readonly chat_history: object[];

  constructor(...messages: [type: string, content: string][]) {
    this.chat_history = messages.map(([type, content]) => ({ content, getType: () => type }));
  }
  async loadMemoryVariables() {
    return { chat_history: this.chat_history };
  }
  async saveContext(input: object, output: object) {
    this.saved.push({ ...input, ...output });
  }
}

const run = (memory: StandInMemory, more = {}, tools: object[] = []) =>
  engine.run({ parameters: chat(more), credential: { baseUrl: server.host }, memory, tools });

describe('a chat with a connected memory', () => {
  test('sends the earlier messages after the system prompts, and stores the new turn', async () => {
    const memory = new StandInMemory(['human', 'I am Ada.'], ['ai', 'Hello Ada.']);
    server.chat({ text: '<think>Hm</think>Ada.' });
    const values = [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Who am I?' },
    ];
    const { error, outputs } = await run(memory, {
      messages: { values },
      systemMessage: 'Be brief.',
      options: { output_messages: true },
    });
    expect(error).toBeUndefined();
    const sent = [
      { role: 'system', content: 'Be brief.' },
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'I am Ada.' },
      { role: 'assistant', content: 'Hello Ada.' },
      { role: 'user', content: 'Who am I?' },
    ];
    expect(server.lastRequest.body['messages']).toEqual(sent);
    expect(memory.saved).toEqual([{ input: 'Who am I?', output: 'Ada.' }]);
    expect(outputs[0]![0]!.json['messages']).toEqual([...sent, { role: 'assistant', content: 'Ada.' }]);
  });

  test('stores the last answer of a chat that runs tools, and outputs the tools’ results', async () => {
    const memory = new StandInMemory();
    const tool = { name: 'look', description: 'Looks', schema: { type: 'object' }, invoke: async () => 'a cat' };
    server.chat({ toolCalls: [{ name: 'look', arguments: {} }] }).chat({ text: 'A cat.' });
    const { outputs } = await run(memory, { options: { output_messages: true } }, [tool]);
    expect(memory.saved).toEqual([{ input: 'Hi', output: 'A cat.' }]);
    expect(outputs[0]![0]!.json['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [{}] },
      { role: 'tool', content: 'a cat' },
      { role: 'assistant', content: 'A cat.' },
    ]);
  });

  test('stores the last message of the user, wherever it is, and no answer without a text', async () => {
    const memory = new StandInMemory();
    const json = (...messages: object[]) => ({ messageSource: 'json', messagesJson: JSON.stringify(messages) });
    const answered = { role: 'assistant', content: 'Hello.' };
    server.chat({ text: 'a' }).chat({ text: 'b' });
    await run(memory, json({ role: 'user', content: 'Hi' }, answered));
    await run(memory, json(answered));
    expect(memory.saved).toEqual([
      { input: 'Hi', output: 'a' },
      { input: '', output: 'b' },
    ]);
    server.chat({ toolCalls: [{ name: 'look', arguments: {} }] });
    await run(memory);
    expect(memory.saved).toHaveLength(2);
  });

  test('sends earlier tool calls, and messages of an older LangChain', async () => {
    /** Its fields are not its own, as in classes with getters. */
    class Called {
      readonly content = '';
      get tool_calls() {
        return [{ id: 'c1', name: 'look', args: { at: 'x' } }];
      }
      _getType() {
        return 'ai';
      }
    }
    const memory = new StandInMemory(['human', 'Look.']);
    memory.chat_history.push(new Called());
    await run(memory);
    expect(server.lastRequest.body['messages']).toMatchObject([
      { role: 'user', content: 'Look.' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'c1', function: { name: 'look', arguments: { at: 'x' } } }],
      },
      { role: 'user', content: 'Hi' },
    ]);
  });

  test('starts without earlier messages if the memory supplies none', async () => {
    const memory = new StandInMemory();
    memory.loadMemoryVariables = async () => ({}) as never;
    await run(memory);
    expect(server.lastRequest.body['messages']).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  test('says why its memory does not answer', async () => {
    for (const reason of [new Error('no connection to Redis'), 'no connection to Redis']) {
      const memory = new StandInMemory();
      memory.loadMemoryVariables = () => Promise.reject(reason);
      const { error } = await run(memory);
      expect(error).toMatchObject({ name: 'NodeOperationError', message: 'no connection to Redis' });
      expect(error!.context).toMatchObject({ itemIndex: 0 });
    }
    expect(server.requests).toEqual([]);
  });

  test('stores nothing of a chat that failed', async () => {
    const memory = new StandInMemory();
    server.chat({ text: ['Hel'], failure: 'boom' });
    expect((await run(memory)).status).toBe('error');
    expect(memory.saved).toEqual([]);
  });
});
