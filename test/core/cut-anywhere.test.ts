import { createOllama } from '@ollama-toolbelt/core/neutral';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunksOf } from '../fixtures/core/calls.ts';

/** A client whose response to everything is a stream of these pieces. */
function clientOf(pieces: readonly Uint8Array[]) {
  return createOllama({
    transport: async () => ({
      status: 200,
      headers: { 'content-type': 'application/x-ndjson' },
      body: (async function* () {
        yield* pieces;
      })(),
    }),
    sleep: (_ms, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    now: () => 0,
  });
}

/** Splits bytes at these places, which may be equal. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\n\n', ' \n', '\n\r\n\t\n');
const chunk = fc.record({ value: fc.jsonValue({ noUnicodeString: false }), text: fc.string({ unit: 'grapheme' }) });

test('a stream has the same chunks wherever its bytes are split', async () => {
  const streams = fc.record({
    chunks: fc.array(fc.tuple(chunk, lineEnd), { maxLength: 12 }),
    mark: fc.boolean(),
    lastLineEnd: fc.constantFrom('\n', '\r\n', ''),
    places: fc.array(fc.nat(), { maxLength: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(streams, async ({ chunks, mark, lastLineEnd, places }) => {
      const values = [...chunks.map(([value]) => value), { done: true }];
      const lines = values.map((value, index) => JSON.stringify(value) + (chunks[index]?.[1] ?? lastLineEnd));
      const bytes = new TextEncoder().encode((mark ? '\ufeff' : '') + lines.join(''));
      const ollama = clientOf(cut(bytes, places));
      const seen = await chunksOf(ollama.chatStream({ model: 'm', messages: [] }));
      expect(seen).toEqual(values.map((value) => JSON.parse(JSON.stringify(value))));
    }),
    { numRuns: 300 },
  );
});

test('a stream that stops at any byte before its end is an error, after the lines before it', async () => {
  const lines = ['Hé', 'l😀', 'o'].map((response) => JSON.stringify({ response, done: false }));
  const bytes = new TextEncoder().encode(`${[...lines, JSON.stringify({ response: '', done: true })].join('\n')}`);
  const offset = (count: number) => new TextEncoder().encode(lines.slice(0, count).join('\n')).length;
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.array(fc.nat(), { maxLength: 10 }), async (end, places) => {
      const ollama = clientOf(cut(bytes.subarray(0, end), places));
      const error = await ollama.generate({ model: 'm' }).catch((reason: unknown) => reason);
      const arrived = [1, 2, 3].filter((count) => end >= offset(count)).length;
      expect(error).toMatchObject({ code: 'truncated', phase: 'body' });
      const partial = ['', 'Hé', 'Hél😀', 'Hél😀o'][arrived];
      expect((error as { partial?: { response: string } }).partial?.response ?? '').toBe(partial);
    }),
  );
});
