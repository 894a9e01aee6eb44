import { once } from 'node:events';
import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { delay, faults, type Gate, gate, raw, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { type CallResult, type Connection, call, connect, hello } from '../../fixtures/mcp/connect.ts';
import { startRaw } from '../../fixtures/mcp/raw-process.ts';

/** So short that any call may be over it. */
const budget = ['--budget-ms', '300'];
/** A call that is over its time at once, and its job may take as long as it needs. */
const atOnce = { _wait_ms: 1 };
const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const jobOf = ({ structured }: { structured: Record<string, unknown> | undefined }) => String(structured?.['job']);

/** Starts a chat that becomes a job at once, and waits until it has this text. */
async function jobWith(connection: Connection, text: string): Promise<string> {
  const job = jobOf(await call(connection, 'ollama_chat', { ...hello, ...atOnce }));
  const soFar = async () => (await call(connection, 'ollama_job', { job, action: 'read' })).structured;
  await expect.poll(soFar).toMatchObject({ text, partial: true });
  return job;
}

/** Waits for the result of a job. On a busy machine, one wait may be too short. */
async function ended(connection: Connection, job: string, options?: Parameters<typeof call>[3]): Promise<CallResult> {
  let result: CallResult;
  do result = await call(connection, 'ollama_job', { job, action: 'wait' }, options);
  while (result.structured?.['state'] === 'running');
  return result;
}

test('over its time budget, a call returns the answer so far, and its job has the rest', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: budget });
  await connection.client.listTools();
  const stall = gate();
  server.chat({ text: ['Once', ' upon', stall, ' a time'] });
  const first = await call(connection, 'ollama_chat', hello);
  expect(first.isError).toBe(false);
  // A slow machine may have less of it by then.
  expect(first.structured).toMatchObject({ text: expect.stringMatching(/^(Once( upon)?)?$/), partial: true });
  const job = jobOf(first);
  expect(job).toMatch(uuid4);
  expect(first.structured?.['notices']).toMatchObject([{ code: 'time_budget' }]);
  expect(first.text).toContain('over this connection; it ends with the connection');
  // The text by itself has the same information.
  for (const words of ['incomplete', job, 'ollama_job', '15 minutes']) expect(first.text).toContain(words);

  const read = () => call(connection, 'ollama_job', { job, action: 'read' });
  const tool = { tool: 'ollama_chat', model: 'chat-model' };
  const running = { job, state: 'running', ...tool, text: 'Once upon', partial: true };
  await expect.poll(async () => (await read()).structured).toMatchObject(running);
  expect((await read()).text).toContain('Once upon');
  const late = await call(connection, 'ollama_job', { job, action: 'wait' });
  expect(late.structured).toMatchObject({ state: 'running', partial: true });

  const waiting = ended(connection, job);
  stall.release();
  const whole = await waiting;
  expect(whole.structured).toMatchObject({ state: 'done', text: 'Once upon a time', done_reason: 'stop' });
  expect(whole.structured).not.toHaveProperty('partial');
  expect(whole.text).toContain('Once upon a time');
  expect(whole.text).toContain('done');
  // The job can be read again.
  expect((await call(connection, 'ollama_job', { job, action: 'read' })).structured).toEqual(whole.structured);
  expect(server.requestsTo('/api/chat')).toHaveLength(1);
});

test('a call whose model loads slowly becomes a job without text', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: budget });
  const stall = gate();
  server.generate(faults.stallBeforeHeaders(stall));
  const first = await call(connection, 'ollama_generate', { model: 'chat-model', prompt: 'x', format: 'json' });
  expect(first.structured).toMatchObject({ text: '', partial: true, job: expect.stringMatching(uuid4) });
  stall.release();
  const { isError, text } = await ended(connection, jobOf(first));
  // A job has the same result as its call would have had, including errors.
  expect({ isError, text }).toEqual({ isError: true, text: expect.stringMatching(/JSON/) });
});

/** The answer, once the gate is open. */
const stalled = (stall: Gate, ...lines: object[]) =>
  raw({
    headers: { 'Content-Type': 'application/x-ndjson' },
    body: [stall, ...lines.map((line) => `${JSON.stringify(line)}\n`)],
    headersFirst: false,
  });

test('a call may set a shorter time limit, if its rest can be collected', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host });
  const stall = gate();
  server.chat({ text: ['Once', stall, ' more'] });
  const job = jobOf(await call(connection, 'ollama_chat', { ...hello, _wait_ms: 1 }));
  const early = await call(connection, 'ollama_job', { job, action: 'wait', _wait_ms: 1 });
  expect(early.structured).toMatchObject({ state: 'running', partial: true });
  stall.release();
  expect((await ended(connection, job)).structured).toMatchObject({ text: 'Once more' });

  await using other = await connect({ host: server.host, args: ['--exclude-tools', 'ollama_job'] });
  server.chat({ text: ['Whole', delay(50), ' answer'] });
  const whole = await call(other, 'ollama_chat', { ...hello, _wait_ms: 1 });
  expect(whole.structured).toMatchObject({ text: 'Whole answer', done_reason: 'stop' });
});

const vectors = {
  model: 'm',
  embeddings: [
    [1, 0],
    [0, 1],
    [1, 0],
  ],
};
const success = { status: 'success' };
const loaded = { model: 'm', created_at: '', response: '', done: true, done_reason: 'load' };

test.each([
  ['embed', 'embed', { model: 'm', input: ['a', 'b', 'c'] }, vectors, { count: 3, dimensions: 2 }],
  [
    'rank',
    'embed',
    { model: 'm', query: 'q', candidates: ['b', 'a'], k: 1 },
    vectors,
    { candidates: 2, results: [{ index: 1, text: 'a', score: 1 }] },
  ],
  ['pull_model', 'pull', { model: 'm' }, success, { model: 'm', status: 'success' }],
  ['push_model', 'push', { model: 'me/m', confirm: 'me/m' }, success, { model: 'me/m', status: 'success' }],
  ['create_model', 'create', { model: 'mine', from: 'chat-model' }, success, { status: 'success' }],
  ['load_model', 'generate', { model: 'm' }, loaded, { loaded: true }],
] as const)('ollama_%s can become a job', async (name, route, args, answer, expected) => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: ['--toolsets', 'inference,manage', ...budget] });
  await connection.client.listTools();
  const stall = gate();
  server.on(`POST /api/${route}`, stalled(stall, answer));
  const tool = `ollama_${name}`;
  const first = await call(connection, tool, args);
  expect(first.isError, first.text).toBe(false);
  expect(first.structured).toMatchObject({ partial: true, job: expect.stringMatching(uuid4) });
  expect(first.text).toContain(jobOf(first));
  stall.release();
  const whole = await ended(connection, jobOf(first));
  expect(whole.structured).toMatchObject({ state: 'done', tool, ...expected });
});

test('cancelling a job closes its connection to Ollama and keeps its text', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.chat({ text: ['Half', gate()] });
  const job = await jobWith(connection, 'Half');
  const { structured, isError } = await call(connection, 'ollama_job', { job, action: 'cancel' });
  expect(isError).toBe(false);
  expect(structured).toMatchObject({ state: 'cancelled', text: 'Half', partial: true });
  await expect(server.lastRequest.closed).resolves.toBe('aborted');
  const read = await call(connection, 'ollama_job', { job, action: 'read' });
  expect(read.structured).toMatchObject({ state: 'cancelled', text: 'Half' });
  // Cancelling an ended job has no effect.
  expect((await call(connection, 'ollama_job', { job, action: 'cancel' })).structured).toEqual(structured);
});

test('cancelling the wait for a job ends the job', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.chat({ text: ['Half', gate()] });
  const job = await jobWith(connection, 'Half');
  const controller = new AbortController();
  const { signal } = controller;
  // Progress shows that it is waiting.
  const onprogress = () => controller.abort('enough');
  await expect(call(connection, 'ollama_job', { job, action: 'wait' }, { signal, onprogress })).rejects.toThrow();
  await expect(server.lastRequest.closed).resolves.toBe('aborted');
  const { structured } = await call(connection, 'ollama_job', { job, action: 'read' });
  expect(structured).toMatchObject({ state: 'cancelled', text: 'Half' });
});

test('waiting for a job gives its progress', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const gates = [gate(), gate(), gate()] as const;
  server.chat({ text: ['a', 'b', gates[0], 'c', gates[1], 'd', gates[2], 'e'] });
  const job = await jobWith(connection, 'ab');
  const seen: Progress[] = [];
  const onprogress = (progress: Progress) => {
    seen.push(progress);
    // Each report lets the answer continue, so there is another one.
    gates[seen.length - 1]?.release();
  };
  expect((await ended(connection, job, { onprogress })).structured).toMatchObject({ text: 'abcde' });
  expect(seen[0]).toMatchObject({ progress: 2, message: '2 tokens' });
  expect(seen.length).toBeGreaterThan(2);
});

test('several prompts over their time budget keep the finished answers, in order', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const stall = gate();
  server.always.generate(({ body }) =>
    body['prompt'] === 'slow' ? { text: ['so far', stall] } : { text: `re ${String(body['prompt'])}` },
  );
  const args = { model: 'chat-model', prompts: ['slow', 'b', 'c'], ...atOnce };
  const job = jobOf(await call(connection, 'ollama_generate', args));
  const soFar = async () => (await call(connection, 'ollama_job', { job, action: 'read' })).structured;
  await expect.poll(soFar).toMatchObject({
    partial: true,
    answers: [{ text: 'so far', partial: true }, { text: 're b' }, { text: 're c' }],
  });
  stall.release();
  const { structured } = await ended(connection, job);
  expect(structured).toMatchObject({
    state: 'done',
    answers: [{ text: 'so far' }, { text: 're b' }, { text: 're c' }],
  });
});

test('status lists the jobs of its client, with tool, model and progress', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  expect((await call(connection, 'ollama_status')).structured).not.toHaveProperty('jobs');
  const stall = gate();
  server.chat({ text: ['Half', ' of', gate()] });
  server.chat({ text: ['All', stall] });
  const first = await jobWith(connection, 'Half of');
  const second = await jobWith(connection, 'All');
  stall.release();
  await ended(connection, second);
  const { structured, text } = await call(connection, 'ollama_status');
  expect(structured?.['jobs']).toEqual([
    { job: first, tool: 'ollama_chat', model: 'chat-model', state: 'running', progress: '2 tokens' },
    { job: second, tool: 'ollama_chat', model: 'chat-model', state: 'done' },
  ]);
  expect(text).toContain(`\nJob ${first} (ollama_chat, chat-model): running, 2 tokens\n`);
  await call(connection, 'ollama_job', { job: first, action: 'cancel' });
  await server.refuse();
  const down = await call(connection, 'ollama_status');
  expect(down.structured).toMatchObject({ reachable: false, jobs: [{ state: 'cancelled' }, { state: 'done' }] });
  expect(down.text).toContain(`Job ${first} (ollama_chat, chat-model): cancelled`);
});

test('a job that nobody asks for closes its connection to Ollama, and says why', async () => {
  await using server = await startScripted();
  // In this process, a signal ends the ten minutes, except the equally long timeout for Ollama.
  const hurry = `const set = setTimeout;
    globalThis.setTimeout = (f, ms, ...args) => {
      if (ms === 600_000 && /\\.cancel\\(/.test(f)) process.once('SIGUSR2', f);
      return set(f, ms, ...args);
    };`;
  const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(hurry)}`];
  await using process = await startRaw({ host: server.host, nodeArgs });
  server.chat({ text: ['Half', gate()] });
  const answer = await process.request('tools/call', { name: 'ollama_chat', arguments: { ...hello, ...atOnce } });
  const { result } = answer as { result: { structuredContent: { job: string } } };
  const args = { job: result.structuredContent.job, action: 'read' };
  const read = async () => (await process.request('tools/call', { name: 'ollama_job', arguments: args }))['result'];
  await expect.poll(read).toMatchObject({ structuredContent: { text: 'Half' } });
  process.child.kill('SIGUSR2');
  await expect(server.lastRequest.closed).resolves.toBe('aborted');
  expect(await read()).toMatchObject({
    content: expect.arrayContaining([{ type: 'text', text: expect.stringContaining('Nobody has asked for this job') }]),
    structuredContent: { state: 'cancelled', text: 'Half', notices: [{ code: 'job_ended' }] },
  });
});

/** The text without the mark at its end, and the offset in the mark. */
function page(result: CallResult): { text: string; next: number | undefined } {
  const shown = String(result.structured?.['text']);
  const [mark = '', next] = /\n\[cut: (\d+) of \d+ characters\]$/.exec(shown) ?? [];
  // The form for models that only see the text has the same.
  expect(result.text).toContain(shown);
  return { text: shown.slice(0, shown.length - mark.length), next: next === undefined ? undefined : Number(next) };
}

const mixed = Array.from({ length: 12_000 }, (_, index) => `${index} 模型🦙é, `).join('');

test.each([
  ['a truncated answer', []],
  ['a job', budget],
] as const)('all of %s can be read, to its last character', async (_, args) => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args });
  await connection.client.listTools();
  const stall = gate();
  server.chat({ text: args.length > 0 ? [stall, mixed] : [mixed] });
  const first = await call(connection, 'ollama_chat', hello);
  const job = jobOf(first);
  expect(job).toMatch(uuid4);
  expect(first.text).toContain(job);
  stall.release();
  let { text: whole, next } = page(args.length > 0 ? await ended(connection, job) : first);
  expect(next).toBeGreaterThan(1000);
  let pages = 1;
  while (next !== undefined) {
    expect(whole).toHaveLength(next);
    const more = await call(connection, 'ollama_job', { job, action: 'read', offset: next });
    expect(more.structured).toMatchObject({ job, state: 'done', offset: next });
    const read = page(more);
    whole += read.text;
    next = read.next;
    pages += 1;
  }
  expect(whole === mixed).toBe(true);
  expect(pages).toBeGreaterThan(3);
  expect(server.requestsTo('/api/chat')).toHaveLength(1);
});

test('an offset applies to each text of several answers, and is empty beyond the end', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host });
  await connection.client.listTools();
  server.always.generate(({ body }) => ({ text: body['prompt'] === 'short' ? 'short' : '🦙'.repeat(30_000) }));
  const first = await call(connection, 'ollama_generate', { model: 'chat-model', prompts: ['long', 'short'] });
  const job = jobOf(first);
  expect(first.structured).toMatchObject({ notices: [{ code: 'text_cut' }] });
  // An offset inside a character.
  const read = await call(connection, 'ollama_job', { job, action: 'read', offset: 59_997 });
  expect(read.structured).toMatchObject({ offset: 59_997, answers: [{ text: '\ufffd🦙' }, { text: '' }] });
  expect(read.text).toContain('done, from character 59997');
  const whole = await call(connection, 'ollama_job', { job, action: 'read', offset: 0 });
  expect(whole.structured).toMatchObject({ answers: [{ text: expect.stringMatching(/^🦙/) }, { text: 'short' }] });
  const bad = await call(connection, 'ollama_job', { job, action: 'read', offset: -1 });
  expect(bad).toMatchObject({ isError: true, text: expect.stringContaining('offset') });
});

test('an answer that fits has no job, and neither has one if jobs cannot be read', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: ['--tools', 'ollama_chat'] });
  server.chat({ text: mixed });
  expect((await call(connection, 'ollama_chat', hello)).structured).not.toHaveProperty('job');
  await using other = await connect({ host: server.host });
  server.chat({ text: 'short' });
  expect((await call(other, 'ollama_chat', hello)).structured).not.toHaveProperty('job');
});

test('the error for an unknown job lists the existing ones', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: budget });
  const none = await call(connection, 'ollama_job', { job: 'x', action: 'wait' });
  expect(none).toMatchObject({
    isError: true,
    text: expect.stringMatching(/^There is no job x\.\n.*There are: none\.$/),
  });
  server.chat({ text: ['Half', gate()] });
  const job = jobOf(await call(connection, 'ollama_chat', hello));
  expect((await call(connection, 'ollama_job', { job: 'x', action: 'read' })).text).toContain(`There are: ${job}.`);
  const bad = await call(connection, 'ollama_job', { job, action: 'kill' });
  expect(bad.text).toContain('action: should be "wait" or "read" or "cancel"');
});

test('there are at most 32 jobs; the next call ends with the answer so far', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: ['--budget-ms', '150'] });
  server.always.chat({ text: ['Half', gate()] });
  const results = await Promise.all(Array.from({ length: 33 }, () => call(connection, 'ollama_chat', hello)));
  expect(results.filter(({ structured }) => structured?.['job'] !== undefined)).toHaveLength(32);
  const without = results.find(({ structured }) => structured?.['job'] === undefined);
  expect(without?.structured).toMatchObject({ partial: true });
  expect(without?.text).toContain('too many jobs');
});

test('0 means no limit', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: ['--budget-ms', '0'] });
  server.chat({ text: ['a', delay(300), 'b'] });
  expect((await call(connection, 'ollama_chat', hello)).structured).toMatchObject({ text: 'ab', done_reason: 'stop' });
});

test.each([
  ['the end of stdin', (process: Awaited<ReturnType<typeof startRaw>>) => process.child.stdin.end()],
  ['SIGTERM', (process: Awaited<ReturnType<typeof startRaw>>) => process.child.kill('SIGTERM')],
])('jobs end with the server: %s', async (_, end) => {
  await using server = await startScripted();
  await using process = await startRaw({ host: server.host, args: budget });
  const stall = gate();
  server.chat({ text: ['Half', stall] });
  const answer = await process.request('tools/call', { name: 'ollama_chat', arguments: hello });
  expect(answer).toMatchObject({ result: { structuredContent: { partial: true } } });
  await stall.reached;
  const exited = once(process.child, 'exit');
  end(process);
  // The job would never end by itself.
  await exited;
  await expect(server.lastRequest.closed).resolves.toBe('aborted');
});
