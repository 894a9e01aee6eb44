import { ListResponse, ProgressResponse } from '@ollama-toolbelt/core/schemas';
import { expect } from 'vitest';
import type { ContractTest } from './contract-test.ts';
import { type Refusal, refused, valid, validChunks } from './responses.ts';

/** How a pull ends if the model or the registry does not exist. */
export const cannotPull: readonly [Refusal, ...Refusal[]] = [
  { code: 'model_not_found', says: /pull model manifest: file does not exist/, from: 'a server with a registry' },
  {
    code: 'stream_error',
    says: /pull model manifest: .*(dial tcp|lookup|timeout)/i,
    from: 'a server without the network',
  },
  { code: 'stream_error', says: /pull model manifest: /, from: 'a registry that does not tell' },
];

const noTransfers = 'a pull or a push of a model that exists would change a real server or its registry';

/** Pull and push. */
export function transfersContract(test: ContractTest): void {
  test('pull', async ({ ollama, transferable, skip }) => {
    if (!transferable) return skip(noTransfers);
    const lines: string[] = [];
    const onProgress = (line: unknown) => lines.push(valid(ProgressResponse, line).status);
    const last = await ollama.pull({ model: transferable.pull }, { onProgress });
    expect(valid(ProgressResponse, last)).toEqual({ status: 'success' });
    expect(lines[0]).toBe('pulling manifest');
    const { models } = valid(ListResponse, await ollama.list());
    expect(models.map(({ name }) => name)).toContain(transferable.pull);
    await ollama.delete({ model: transferable.pull });
  });

  test('pull, streamed, by the older name', async ({ ollama, transferable, skip }) => {
    if (!transferable) return skip(noTransfers);
    const lines = await validChunks(ProgressResponse, ollama.pullStream({ name: transferable.pull, stream: true }));
    expect(lines.at(-1)).toEqual({ status: 'success' });
    const layer = lines.filter(({ total }) => total !== undefined);
    expect(layer.length).toBeGreaterThan(0);
    for (const { completed = 0, total = 0, digest } of layer) {
      expect(completed).toBeLessThanOrEqual(total);
      expect(digest).toMatch(/^sha256:/);
    }
    await ollama.delete({ model: transferable.pull });
  });

  test('push', async ({ ollama, transferable, skip }) => {
    if (!transferable) return skip(noTransfers);
    expect(valid(ProgressResponse, await ollama.push({ model: transferable.push }))).toEqual({ status: 'success' });
    const lines = await validChunks(ProgressResponse, ollama.pushStream({ model: transferable.push, stream: false }));
    expect(lines[0]?.status).toBe('retrieving manifest');
  });

  test('pull of a model that does not exist', async ({ ollama, freshName }) => {
    const model = freshName();
    await refused(ollama.pull({ model }), ...cannotPull);
    const error = await refused(ollama.pullStream({ model }), ...cannotPull);
    // The last line that arrived.
    expect(error.partial).toMatchObject({ status: 'pulling manifest' });
  });

  test('pull from a registry that is not there', async ({ ollama, freshName }) => {
    const unreachable: Refusal = { code: 'stream_error', says: /pull model manifest: .*127\.0\.0\.1:1/ };
    await refused(ollama.pull({ model: `127.0.0.1:1/library/${freshName()}` }), unreachable);
  });

  test('push of a model that does not exist', async ({ ollama, freshName }) => {
    const missing: Refusal = { code: 'stream_error', says: /no such file or directory|cannot find the (file|path)/ };
    await refused(ollama.push({ model: freshName() }), missing);
    await refused(ollama.pushStream({ model: freshName() }), missing);
  });

  test('create from a model that does not exist', async ({ ollama, freshName }) => {
    await refused(ollama.create({ model: freshName(), from: freshName() }), ...cannotPull);
    await refused(ollama.createStream({ model: freshName(), from: freshName() }), ...cannotPull);
  });
}
