import { EmbeddingsResponse, EmbedResponse } from '@ollama-toolbelt/core/schemas';
import { expect } from 'vitest';
import type { ContractTest } from './contract-test.ts';
import { answeredOrRefused, refused, valid } from './responses.ts';

const lengthOf = (vector: readonly number[]) => Math.hypot(...vector);
const cosine = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) / (lengthOf(a) * lengthOf(b));
const first = (answer: { embeddings: number[][] }): number[] => answer.embeddings[0] ?? [];
/** More than the context of any small embedding model. */
const long = 'Hello there. '.repeat(20_000);

/** Vectors of texts. */
export function embeddingContract(test: ContractTest): void {
  test('embed one text', async ({ ollama, embedModel: model }) => {
    const answer = valid(EmbedResponse, await ollama.embed({ model, input: 'the cat sat on the mat' }));
    expect(answer.embeddings).toHaveLength(1);
    expect(first(answer).length).toBeGreaterThan(1);
    expect(lengthOf(first(answer))).toBeCloseTo(1, 3);
    expect(answer.prompt_eval_count).toBeGreaterThan(0);
  });

  test('embed several texts, in order', async ({ ollama, embedModel: model, canAssumeWords }) => {
    const texts = ['the cat sat on the mat', 'docker runs containers', 'the cat sat on the mat'];
    const answer = valid(EmbedResponse, await ollama.embed({ model, input: texts }));
    expect(answer.embeddings).toHaveLength(3);
    for (const [index, input] of texts.entries()) {
      const alone = valid(EmbedResponse, await ollama.embed({ model, input }));
      // A server may compute a batch in a different order than a single text.
      expect(cosine(first(alone), answer.embeddings[index] ?? [])).toBeGreaterThan(0.999);
    }
    expect(answer.embeddings[2]).toEqual(answer.embeddings[0]);
    if (canAssumeWords) expect(cosine(first(answer), answer.embeddings[1] ?? [])).toBeLessThan(0.9);
  });

  test('embed into fewer dimensions', async ({ ollama, embedModel: model }) => {
    const answer = valid(EmbedResponse, await ollama.embed({ model, input: 'cats', dimensions: 4 }));
    expect(first(answer)).toHaveLength(4);
    expect(lengthOf(first(answer))).toBeCloseTo(1, 3);
  });

  test('embed nothing', async ({ ollama, embedModel: model }) => {
    expect(valid(EmbedResponse, await ollama.embed({ model, input: [] })).embeddings).toEqual([]);
  });

  test('embed: a text that is too long is truncated silently', async ({ ollama, embedModel: model }) => {
    expect(valid(EmbedResponse, await ollama.embed({ model, input: long })).embeddings).toHaveLength(1);
  });

  const tooLong = { status: 400, code: 'context_exceeded', says: /exceeds the context length/ } as const;
  test('embed: a text that is too long is rejected with truncate: false', async ({ ollama, embedModel: model }) => {
    await refused(ollama.embed({ model, input: long, truncate: false }), tooLong);
  });

  test('embed: the one text that is too long is named', async ({ ollama, embedModel: model }) => {
    const call = ollama.embed({ model, input: ['cats', long, 'dogs'], truncate: false });
    await refused(call, { ...tooLong, says: /^Text 2 of 3 \(input\[1\]\): .*exceeds the context length/ });
  });

  test('embed: an empty text in a list is rejected', async ({ ollama, embedModel: model }) => {
    // The client sends no request for it: alone it would get no vector, and with others it fails them all.
    await refused(ollama.embed({ model, input: ['x', ''] }), { code: 'bad_request', says: /^Text 2 of 2 .* is empty/ });
  });

  test('embeddings, the older route', async ({ ollama, embedModel: model }) => {
    const { embedding } = valid(EmbeddingsResponse, await ollama.embeddings({ model, prompt: 'the cat sat' }));
    const { embeddings } = valid(EmbedResponse, await ollama.embed({ model, input: 'the cat sat' }));
    expect(embedding).toHaveLength(embeddings[0]?.length ?? 0);
    expect(cosine(embedding, embeddings[0] ?? [])).toBeGreaterThan(0.999);
  });

  test('embeddings of nothing', async ({ ollama, embedModel: model }) => {
    expect(valid(EmbeddingsResponse, await ollama.embeddings({ model, prompt: '' })).embedding).toEqual([]);
  });

  test('embed with a chat model', async ({ ollama, chatModelWithout }) => {
    const model = chatModelWithout('embedding');
    await answeredOrRefused(EmbedResponse, ollama.embed({ model, input: 'x' }), {
      status: 501,
      code: 'unsupported',
      says: /does not support embeddings/,
      from: '0.33; 0.24 gives vectors',
    });
  });
}
