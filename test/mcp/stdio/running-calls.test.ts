import { once } from 'node:events';
import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { delay, faults, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { answerTextKey } from '../../../packages/mcp-server/src/calls/progress.ts';
import { call, connect, hello } from '../../fixtures/mcp/connect.ts';
import { startRaw } from '../../fixtures/mcp/raw-process.ts';
import { isReport } from '../../fixtures/mcp/reported.ts';

const onRoute = { chat: 'POST /api/chat', generate: 'POST /api/generate', embed: 'POST /api/embed' } as const;
const generateArgs = { model: 'chat-model', prompt: 'Hi' };

const textIn = (meta: unknown) => String((meta as Record<string, unknown>)[answerTextKey]);

test('progress counts tokens, always grows, and is sent at most four times a second', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const words = Array.from({ length: 60 }, (_, index) => `w${index} `);
  // Each report lets the answer continue, so there is another one.
  const stops = [gate(), gate()] as const;
  const pieces = words.slice(1).flatMap((word) => [delay(15), word]);
  server.chat({ text: [words[0]!, stops[0], ...pieces, stops[1]] });
  const seen: Progress[] = [];
  const start = performance.now();
  const { isError, structured } = await call(connection, 'ollama_chat', hello, {
    onprogress: (progress) => {
      seen.push(progress);
      stops[seen.filter(isReport).length - 1]?.release();
    },
  });
  const elapsed = performance.now() - start;
  expect(isError).toBe(false);
  expect(seen.length).toBeLessThanOrEqual(elapsed / 250 + 1);
  expect(seen.find(isReport)).toMatchObject({ progress: 1, message: '1 token' });
  const values = seen.map(({ progress }) => progress);
  expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
  expect(values.at(-1)).toBeLessThanOrEqual(60);
  // Each has the text since the previous one. The rest of the answer is in the result.
  const shown = seen.map((progress) => ('_meta' in progress ? textIn(progress._meta) : '')).join('');
  expect(String(structured?.['text'])).toMatch(new RegExp(`^${shown}`));
  expect(shown).toContain('w0 w1 ');
});

test('while the model loads, a heartbeat says so', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const stall = gate();
  server.chat(faults.stallBeforeHeaders(stall));
  const seen: Progress[] = [];
  const answer = call(connection, 'ollama_chat', hello, {
    onprogress: (progress) => {
      seen.push(progress);
      // A slow machine first says that it waits for Ollama.
      if (progress.message?.includes('chat-model')) stall.release();
    },
  });
  expect((await answer).structured).toMatchObject({ text: 'Hello' });
  const beat = seen.find(({ message }) => message?.includes('chat-model'));
  expect(beat?.message).toMatch(/^waiting for the first token of chat-model, \d+ s$/);
  expect(beat?.progress).toBeLessThan(1);
});

test('thinking shows in the progress', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const stall = gate();
  server.chat({ thinking: ['Hm', stall], text: ['Yes'] });
  let tell = (_: string | undefined) => {};
  const told = new Promise<string | undefined>((resolve) => {
    tell = resolve;
  });
  const answer = call(
    connection,
    'ollama_chat',
    { ...hello, model: 'thinking-model' },
    { onprogress: (progress) => isReport(progress) && tell(progress.message) },
  );
  expect(await told).toBe('thinking, 1 token');
  stall.release();
  expect((await answer).structured).toMatchObject({ text: 'Yes' });
});

test('without a progress token there is no progress', async () => {
  await using server = await startScripted();
  await using raw = await startRaw({ host: server.host });
  server.chat({ text: [delay(1200), 'late'] });
  const answer = await raw.request('tools/call', { name: 'ollama_chat', arguments: hello });
  expect(answer).toMatchObject({ result: { structuredContent: { text: 'late' } } });
  expect(raw.messages.filter((message) => 'method' in message)).toEqual([]);
});

test.each([
  ['chat before the headers', 'chat', hello, faults.stallBeforeHeaders],
  ['chat in the stream', 'chat', hello, faults.stallMidStream],
  ['generate', 'generate', generateArgs, faults.stallMidStream],
  ['embed', 'embed', { model: 'embedding-model', input: 'x' }, faults.stallBeforeHeaders],
] as const)('cancelling closes the connection to Ollama: %s', async (_, route, args, fault) => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const stall = gate();
  server.on(onRoute[route], fault(stall));
  const controller = new AbortController();
  const answer = call(connection, `ollama_${route}`, args, { signal: controller.signal });
  const failed = expect(answer).rejects.toThrow();
  await stall.reached;
  controller.abort('enough');
  await failed;
  // Ollama sends nothing, so only the cancellation can end the request.
  await expect(server.lastRequest.closed).resolves.toBe('aborted');
  // The server is still running.
  expect((await call(connection, 'ollama_chat', hello)).isError).toBe(false);
});

test('a model handles two calls at a time; the third waits', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await call(connection, 'ollama_chat', hello);
  const stalls = [gate(), gate()];
  for (const stall of stalls) server.chat(faults.stallMidStream(stall));
  const answers = [1, 2, 3].map(() => call(connection, 'ollama_chat', hello));
  await Promise.all(stalls.map(({ reached }) => reached));
  expect(server.requestsTo('/api/chat')).toHaveLength(3);
  for (const stall of stalls) stall.release();
  expect((await Promise.all(answers)).map(({ isError }) => isError)).toEqual([false, false, false]);
  expect(server.requestsTo('/api/chat')).toHaveLength(4);
});

test.each([
  ['the end of stdin', (raw: Awaited<ReturnType<typeof startRaw>>) => raw.child.stdin.end(), 0],
  ['SIGTERM', (raw: Awaited<ReturnType<typeof startRaw>>) => raw.child.kill('SIGTERM'), 143],
  ['SIGINT', (raw: Awaited<ReturnType<typeof startRaw>>) => raw.child.kill('SIGINT'), 130],
])('%s in the middle of a call ends the process and its connection', async (_, end, code) => {
  await using server = await startScripted();
  await using raw = await startRaw({ host: server.host });
  const stall = gate();
  server.chat(faults.stallMidStream(stall));
  void raw.request('tools/call', { name: 'ollama_chat', arguments: hello, _meta: { progressToken: 1 } });
  await stall.reached;
  const exited = once(raw.child, 'exit');
  end(raw);
  // Ollama sends nothing, and the process has no timeout for it.
  expect(await exited).toEqual([code, null]);
  await expect(server.lastRequest.closed).resolves.toBe('aborted');
});
