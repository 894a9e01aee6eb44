import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LlamaServer, startLlama } from '../src/index.ts';
import { differences } from './replay/differences.ts';
import { installModels } from './replay/installed-models.ts';
import { unexpected } from './replay/known-differences.ts';
import { normalRecording, normalReply } from './replay/normal-form.ts';
import { type Recording, recordingsOf, versions } from './replay/recording.ts';
import { type Reply, send } from './replay/send.ts';

const parts = ['', 'more/'] as const;

for (const version of versions) {
  for (const part of parts) {
    const recordings = recordingsOf(version, part).filter(({ response }) => response.status !== undefined);

    describe(`the llama engine responds as Ollama ${version} did: ${part || 'plain requests'}`, () => {
      const replies = new Map<string, Reply>();
      let server: LlamaServer;

      // All first, in order: each depends on the models that earlier ones created, loaded or deleted.
      beforeAll(async () => {
        server = await startLlama({ empty: true, version });
        if (part === 'more/') await installModels(server.host, version);
        for (const recording of recordings) replies.set(recording.name, await send(server.host, recording));
      });
      afterAll(() => server.close());

      test.each(recordings.map((recording) => [recording.name, recording] as const))('%s', (name, recording) => {
        const ours = normalReply(replies.get(name)!, recording.request.path);
        const found = differences(ours, normalRecording(recording));
        expect(unexpected(found, { engine: 'llama', version, name: part + name })).toEqual([]);
      });

      // 0.24 does not know how these small models pool.
      const withVectors = version === '0.33' ? recordings.filter(hasVectors) : [];
      test.each(withVectors.map((recording) => [recording.name, recording] as const))(
        '%s: the same numbers',
        (name, { response }) => {
          const theirs = vectorsOf(response.chunks.map(({ text }) => text).join(''));
          const ours = vectorsOf(replies.get(name)!.text);
          // llama.cpp sums in a different order on a different processor.
          for (const [index, value] of theirs.entries()) expect(ours[index]).toBeCloseTo(value, 4);
        },
      );
    });
  }
}

const hasVectors = ({ request, response }: Recording) =>
  /^\/api\/embed/.test(request.path) && response.chunks.some(({ text }) => /"embeddings?":\[.*\d/.test(text));

function vectorsOf(text: string): number[] {
  const { embeddings, embedding = [] } = JSON.parse(text) as { embeddings?: number[][]; embedding?: number[] };
  return embeddings?.flat() ?? embedding;
}
