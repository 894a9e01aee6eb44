import { gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { chunksOf } from '../fixtures/core/calls.ts';
import { transports } from '../fixtures/core/clients.ts';

const metrics = {
  total_duration: 30_000_000,
  load_duration: 1_000_000,
  prompt_eval_count: 7,
  prompt_eval_duration: 4_000_000,
  eval_count: 3,
  eval_duration: 20_000_000,
};
const question = { model: 'chat-model', messages: [{ role: 'user' as const, content: 'Hi' }] };
const prompt = { model: 'chat-model', prompt: 'Hi' };
const counts = { prompt: 7, answer: 3 };

/** What the server itself returns without streaming. */
async function unstreamed(server: ScriptedServer, path: string, body: object): Promise<object> {
  const response = await fetch(server.host + path, {
    method: 'POST',
    body: JSON.stringify({ ...body, stream: false }),
  });
  return (await response.json()) as object;
}

const timeless = (answer: object) => ({ ...answer, created_at: expect.any(String) });

describe.each(transports)('on $transport', ({ createOllama }) => {
  test('a chat is added up as the server does it: text, thinking, tool calls, log probabilities, counts', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.always.chat({
      thinking: ['Hm', ', so'],
      text: ['Hel', 'lo ', '😀'],
      toolCalls: [
        { name: 'look_up', arguments: { city: 'Oslo' } },
        { name: 'look_up', arguments: { city: 'Bern' } },
      ],
      logprobs: [[{ token: 'Hel', logprob: -0.1 }], [], [{ token: '😀', logprob: -0.2, bytes: [240] }]],
      doneReason: 'length',
      counts,
    });
    const answer = await ollama.chat(question);
    expect(answer).toMatchObject({
      model: 'chat-model',
      message: {
        role: 'assistant',
        content: 'Hello 😀',
        thinking: 'Hm, so',
        tool_calls: [
          { id: 'call_00000001', function: { index: 0, name: 'look_up', arguments: { city: 'Oslo' } } },
          { id: 'call_00000002', function: { index: 1, name: 'look_up', arguments: { city: 'Bern' } } },
        ],
      },
      done: true,
      done_reason: 'length',
      logprobs: [{ token: 'Hel' }, { token: '😀', bytes: [240] }],
      ...metrics,
    });
    expect(answer).toMatchObject(timeless(await unstreamed(server, '/api/chat', question)));
  });

  test('tool calls on the last chunk count too', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const call = (city: string) => ({ function: { name: 'look_up', arguments: { city } } });
    const line = { model: 'm', created_at: '', done: false };
    server.chat({
      lines: [
        { ...line, message: { role: 'assistant', content: '', tool_calls: [call('Oslo')] } },
        { ...line, message: { role: 'assistant', content: '', tool_calls: [call('Bern')] }, done: true },
      ],
    });
    const answer = await ollama.chat(question);
    expect(answer.message.tool_calls).toEqual([call('Oslo'), call('Bern')]);
  });

  test('a generated text is added up as the server does it', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.always.generate({
      thinking: ['Hm'],
      text: ['Hel', 'lo'],
      context: [1, 2, 3],
      logprobs: [[{ token: 'Hel', logprob: -0.1 }], [{ token: 'lo', logprob: -0.2 }]],
      counts,
    });
    const answer = await ollama.generate(prompt);
    expect(answer).toMatchObject({
      response: 'Hello',
      thinking: 'Hm',
      context: [1, 2, 3],
      done: true,
      done_reason: 'stop',
      logprobs: [{ token: 'Hel' }, { token: 'lo' }],
      ...metrics,
    });
    expect(answer).toMatchObject(timeless(await unstreamed(server, '/api/generate', prompt)));
  });

  test('a field that no chunk has is not in the complete answer', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.chat({ text: 'Hello', doneReason: null }).generate({ text: 'Hello' });
    const answer = await ollama.chat(question);
    expect(Object.keys(answer.message)).toEqual(['role', 'content']);
    expect(answer).not.toHaveProperty('logprobs');
    expect(answer).not.toHaveProperty('done_reason');
    expect(await ollama.generate(prompt)).not.toHaveProperty('thinking');
  });

  test('each chunk arrives as soon as its line does', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const stop = gate();
    server.chat({ text: ['first', stop, 'second'] });
    const stream = ollama.chatStream(question);
    expect((await stream.next()).value).toMatchObject({ message: { content: 'first' } });
    stop.release();
    expect((await chunksOf(stream)).map((chunk) => chunk.message.content)).toEqual(['second', '']);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test('a large answer that is read slowly arrives complete and in order', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const count = 300;
    server.generate({ text: Array.from({ length: count }, (_, index) => `${index} ${'é'.repeat(8000)}\n`) });
    let next = 0;
    for await (const { response, done } of ollama.generateStream(prompt)) {
      if (done) break;
      expect(response.startsWith(`${next} é`) && response.length).toBe(`${next} `.length + 8001);
      next += 1;
      if (next % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(next).toBe(count);
    expect(await server.lastRequest.closed).toBe('complete');
  });

  test('a stream sends nothing before it is read, and one request then', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const stream = ollama.generateStream(prompt);
    await ollama.version();
    expect(server.requestsTo('/api/generate')).toHaveLength(0);
    await chunksOf(stream);
    expect(await chunksOf(stream)).toEqual([]);
    expect(server.requestsTo('/api/generate')).toHaveLength(1);
  });
});
