import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CreateResponse, createOllama, formatModelfile } from '@ollama-toolbelt/core/node';
import { expect, test } from 'vitest';
import { noBuild, startLlamaIfBuilt } from '../fixtures/llama-if-built.ts';

const models = join(import.meta.dirname, '../ollama-server/models');

test('a model made from a GGUF file and a Modelfile answers, and so does one made from that', async ({ skip }) => {
  await using server = await startLlamaIfBuilt({ empty: true });
  if (server === undefined) return skip(noBuild);
  await using ollama = createOllama({ host: server.host });
  const modelfile = formatModelfile({
    commands: [
      { name: 'from', value: './pocket.gguf' },
      { name: 'template', value: await readFile(join(models, 'template.gotmpl'), 'utf8') },
      { name: 'parameter', parameter: 'stop', value: '<|im_start|>' },
      { name: 'parameter', parameter: 'stop', value: '<|im_end|>' },
      { name: 'parameter', parameter: 'temperature', value: '0' },
      { name: 'license', value: 'MIT' },
    ],
  });
  const lines: CreateResponse[] = [];
  const made = await ollama.create(
    { model: 'fresh', modelfile },
    { baseDir: models, onProgress: (line) => lines.push(line) },
  );
  expect(made.status).toBe('success');
  const { size } = await readFile(join(models, 'pocket.gguf')).then(({ length }) => ({ size: length }));
  expect(lines.find(({ status, completed }) => status === 'uploading pocket.gguf' && completed === size)).toBeDefined();

  const question = { role: 'user' as const, content: 'Why is the sky blue?' };
  const answer = await ollama.chat({ model: 'fresh', messages: [question] });
  expect(answer.message.content).toContain('sky');

  await ollama.create({ model: 'pirate', modelfile: 'FROM fresh\nSYSTEM """You are a pirate."""' });
  const { system, template, parameters } = await ollama.show({ model: 'pirate' });
  expect({ system, template }).toEqual({
    system: 'You are a pirate.',
    template: await readFile(join(models, 'template.gotmpl'), 'utf8'),
  });
  expect(parameters).toContain('<|im_end|>');
  const docker = { role: 'user' as const, content: 'What is Docker?' };
  expect((await ollama.chat({ model: 'pirate', messages: [docker] })).message.content).toMatch(/Docker/);

  // The file is on the server already: only its digest is computed.
  const again: CreateResponse[] = [];
  await ollama.create({ model: 'again', modelfile }, { baseDir: models, onProgress: (line) => again.push(line) });
  expect(again.map(({ status }) => status)).toContain('already on the server: pocket.gguf');
  expect(await ollama.blobs.has(String(lines.find(({ digest }) => digest)?.digest))).toBe(true);
});
