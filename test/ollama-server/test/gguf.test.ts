import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readGguf, tensorsAsWritten } from '../src/llama/gguf.ts';

const models = join(import.meta.dirname, '../models');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gguf-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('reads the metadata of a chat model', async () => {
  const file = await readGguf(join(models, 'pocket.gguf'));
  expect(file).toMatchObject({
    architecture: 'llama',
    parameterCount: 984192,
    quantization: 'F16',
    contextLength: 2048,
    embeddingLength: 128,
    embedding: false,
  });
  expect(file.metadata).toMatchObject({
    'llama.attention.layer_norm_rms_epsilon': 0.00001,
    'tokenizer.ggml.add_bos_token': false,
    'tokenizer.ggml.eos_token_id': 1023,
  });
  expect(file.metadata['tokenizer.ggml.tokens']).toHaveLength(1024);
  expect(file.tensors).toHaveLength(38);
  expect(file.tensors.slice(0, 3)).toEqual([
    { name: 'token_embd.weight', type: 'F16', shape: [128, 1024] },
    { name: 'output_norm.weight', type: 'F32', shape: [128] },
    { name: 'blk.0.attn_norm.weight', type: 'F32', shape: [128] },
  ]);
  expect(
    tensorsAsWritten(file.tensors)
      .map(({ name }) => name)
      .slice(0, 3),
  ).toEqual(['output_norm.weight', 'token_embd.weight', 'blk.0.attn_k.weight']);
});

test('recognizes an embedding model', async () => {
  const file = await readGguf(join(models, 'pocket-embed.gguf'));
  expect(file).toMatchObject({ parameterCount: 209280, quantization: 'unknown', embedding: true });
});

test('says what is wrong with an incomplete or invalid GGUF', async () => {
  const whole = await readFile(join(models, 'pocket.gguf'));
  const reading = async (bytes: Uint8Array | string) => {
    const path = join(folder, 'broken.gguf');
    await writeFile(path, bytes);
    return readGguf(path);
  };
  await expect(reading('just a text')).rejects.toThrow('supplied file was not in GGUF format');
  await expect(reading('')).rejects.toThrow('supplied file was not in GGUF format');
  await expect(reading(whole.subarray(0, 5000))).rejects.toThrow('the file ends within its header');
  await expect(reading(whole.subarray(0, 900_000))).rejects.toThrow(
    'tensor "blk.1.ffn_gate.weight" offset+size (950176) exceeds file size (900000)',
  );
});
