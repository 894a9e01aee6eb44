import { describe, expect, test } from 'vitest';
import { CallMemory } from '../../server/call-memory.ts';
import { MemoryBudget } from '../../tools/memory-budget.ts';
import { readBody } from './body.ts';

const MB = 1024 * 1024;
const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

/** Reads a body that arrives in these chunks; `left` is the number of chunks that were never asked for. */
async function read(
  chunks: Iterable<string | Uint8Array>,
  { length, budget = new MemoryBudget() }: { length?: number; budget?: MemoryBudget } = {},
) {
  const waiting = [...chunks].map((chunk) => (typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk));
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const next = waiting.shift();
        if (next === undefined) controller.close();
        else controller.enqueue(next);
      },
      cancel() {
        isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  const headers = length === undefined ? {} : { 'content-length': String(length) };
  const init = { method: 'POST', headers, body, duplex: 'half' };
  const read = await readBody(new Request('http://localhost/mcp', init as RequestInit), new CallMemory(budget));
  const reading = { left: waiting.length, isCancelled };
  if ('message' in read) return { message: read.message, ...reading };
  const { status, headers: sent } = read.refusal;
  const { error } = (await read.refusal.json()) as { error: { code: number; message: string } };
  return { status, retryAfter: sent.get('retry-after'), ...error, ...reading };
}

describe('text', () => {
  test('a character that is split between two chunks arrives whole', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...ping, id: 'ä🦙' }));
    expect(await read([...bytes].map((byte) => Uint8Array.of(byte)))).toMatchObject({ message: { id: 'ä🦙' } });
  });

  test('a byte order mark before the message is ignored, but not one within it', async () => {
    const message = { ...ping, id: '\ufeff' };
    expect(await read([`\ufeff${JSON.stringify(message)}`])).toMatchObject({ message });
  });

  test.each([['no memory'], ['{"jsonrpc":"2.0"'], [''], ['\ufeff\ufeff{}']])('%j is not JSON', async (body) => {
    expect(await read([body])).toMatchObject({ status: 400, code: -32700, message: 'The body is not valid JSON.' });
  });

  test('neither is a request without a body', async () => {
    const request = new Request('http://localhost/mcp', { method: 'POST' });
    const read = await readBody(request, new CallMemory(new MemoryBudget()));
    expect('refusal' in read && read.refusal.status).toBe(400);
  });
});

describe('at most 20 MB', () => {
  const message = JSON.stringify(ping);
  const spaces = new Uint8Array(MB).fill(0x20);
  const full = [...Array<Uint8Array>(19).fill(spaces), spaces.subarray(message.length), message];

  test('arrive', async () => {
    expect(await read(full, { length: 20 * MB })).toMatchObject({ message: ping });
  });

  test('of more, nothing is read if it is announced, and the rest is not if it is not', async () => {
    const refused = { status: 413, message: 'The body may have 20 MB at most.', isCancelled: true };
    expect(await read([message], { length: 20 * MB + 1 })).toMatchObject({ ...refused, left: 1 });
    expect(await read([...full, ' ', 'never read'])).toMatchObject({ ...refused, left: 1 });
  });
});

describe('memory', () => {
  test('of four copies is reserved while a body arrives', async () => {
    const budget = new MemoryBudget(MB);
    const message = JSON.stringify(ping);
    await read([message, '  '], { budget });
    expect(budget.usedBytes).toBe(4 * (message.length + 2));
  });

  test('that is used up ends the reading, and the client is told to try again', async () => {
    expect(await read(['[', ' ', ' ', ']'], { budget: new MemoryBudget(11) })).toEqual({
      status: 429,
      retryAfter: '5',
      code: -32000,
      message: 'The server has no memory left for this request: try again later.',
      left: 1,
      isCancelled: true,
    });
  });
});

describe('a batch', () => {
  const batch = (length: number) => [JSON.stringify(Array.from({ length }, (_, id) => ({ ...ping, id })))];

  test('of 100 messages arrives, and of one message too', async () => {
    const { message } = await read(batch(100));
    expect(message).toHaveLength(100);
    expect(await read(batch(1))).toMatchObject({ message: [{ ...ping, id: 0 }] });
  });

  test('of more is refused', async () => {
    const message = 'A batch may have 100 messages at most.';
    expect(await read(batch(101))).toMatchObject({ status: 400, code: -32600, message });
  });

  test('with a wrong message is refused', async () => {
    const message = 'A message should be a JSON object.';
    expect(await read([JSON.stringify([ping, 7])])).toMatchObject({ status: 400, code: -32600, message });
  });
});

test('a message with a length is not a batch', async () => {
  expect(await read([JSON.stringify({ ...ping, length: 101 })])).toMatchObject({ message: ping });
});

test('too many values are refused before they are parsed', async () => {
  const params = { list: Array.from({ length: 60_001 }, () => 0) };
  expect(await read([JSON.stringify({ ...ping, params })])).toMatchObject({
    status: 413,
    message: 'The message has more than 60000 values.',
  });
});
