import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LlamaServer, startLlama } from '../src/index.ts';
import { differences } from './replay/differences.ts';
import { knownDifferences } from './replay/known-differences.ts';
import { normalRecording, normalReply } from './replay/normal-form.ts';
import { plainRecordings } from './replay/recording.ts';
import { type Reply, send } from './replay/send.ts';

describe('the llama engine answers as Ollama 0.33 did', () => {
  const recordings = plainRecordings();
  const replies = new Map<string, Reply>();
  let server: LlamaServer;

  // All first, in order: each builds on what those before it made, loaded or deleted.
  beforeAll(async () => {
    server = await startLlama({ empty: true });
    for (const recording of recordings) replies.set(recording.name, await send(server.host, recording));
  });
  afterAll(() => server.close());

  test.each(recordings.map((recording) => [recording.name, recording] as const))('%s', (name, recording) => {
    const found = differences(normalReply(replies.get(name)!, recording.request.path), normalRecording(recording));
    const known = knownDifferences.filter((known) => known.recording === name);
    const isKnown = (difference: string) => known.some(({ path }) => difference.startsWith(path));
    expect(found.filter((difference) => !isKnown(difference))).toEqual([]);
    const gone = known.filter(({ path }) => !found.some((difference) => difference.startsWith(path)));
    expect(gone, 'listed as known, but it no longer differs').toEqual([]);
  });

  test.each(['embed', 'embed-many', 'embed-dimensions', 'embed-long-default', 'embeddings-legacy'])(
    '%s: the same numbers',
    (name) => {
      const { response } = recordings.find((recording) => recording.name === name)!;
      const theirs = vectorsOf(response.chunks.map(({ text }) => text).join(''));
      const ours = vectorsOf(replies.get(name)!.text);
      // llama.cpp sums in another order on another processor.
      for (const [index, value] of theirs.entries()) expect(ours[index]).toBeCloseTo(value, 4);
    },
  );
});

const vectorsOf = (text: string): number[] => {
  const { embeddings, embedding = [] } = JSON.parse(text) as { embeddings?: number[][]; embedding?: number[] };
  return embeddings?.flat() ?? embedding;
};
