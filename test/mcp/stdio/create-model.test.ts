import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { call, connect } from '../../fixtures/mcp/connect.ts';

const manage = ['--toolsets', 'manage'];

describe('create from a Modelfile', () => {
  test('text and parameters go to the server as fields', async () => {
    await using server = await startScripted();
    await using connection = await connect({ host: server.host, args: manage });
    const modelfile = 'FROM chat-model\nSYSTEM """Be\nshort."""\nPARAMETER temperature 0\nPARAMETER mirostat 1\n';
    const { isError, structured } = await call(connection, 'ollama_create_model', { model: 'mine', modelfile });
    expect(isError).toBe(false);
    expect(server.lastRequest.body).toMatchObject({
      model: 'mine',
      from: 'chat-model',
      system: 'Be\nshort.',
      parameters: { temperature: 0 },
    });
    expect(structured).toMatchObject({ status: 'success' });
  });

  test('its files must be in allowed folders', async () => {
    using folder = await folderWith({ 'w.gguf': 'GGUF data', 'lora.gguf': 'GGUF lora' });
    using outside = await folderWith({ 'secret.gguf': 'GGUF secret' });
    await symlink(join(outside.path, 'secret.gguf'), join(folder.path, 'link.gguf'));
    await using server = await startScripted();
    await using connection = await connect({ host: server.host, args: [...manage, '--allow-dir', folder.path] });
    const create = (modelfile: string) => call(connection, 'ollama_create_model', { model: 'mine', modelfile });
    for (const modelfile of [
      `FROM ${outside.path}/secret.gguf`,
      `FROM ./link.gguf`,
      `FROM ../${outside.path.split('/').at(-1)}/secret.gguf`,
      'FROM ~/secret.gguf',
      `FROM chat-model\nADAPTER ${outside.path}/secret.gguf`,
      'FROM chat-model\nADAPTER link.gguf',
      `FROM chat-model\nDRAFT ${outside.path}/secret.gguf`,
      'FROM chat-model\nDRAFT link.gguf',
    ]) {
      const { isError, text } = await create(modelfile);
      expect({ isError, text }, modelfile).toEqual({
        isError: true,
        text: expect.stringContaining('in the allowed folders'),
      });
    }
    expect(server.requests).toEqual([]);
    expect((await create('FROM ./w.gguf\nADAPTER lora.gguf')).isError).toBe(false);
    expect(server.blobs.size).toBe(2);
    expect(server.lastRequest.body).toMatchObject({
      files: { 'w.gguf': expect.stringMatching(/^sha256:/) },
      adapters: { 'lora.gguf': expect.stringMatching(/^sha256:/) },
    });
  });

  test('without an allowed folder it must not name files', async () => {
    await using server = await startScripted();
    await using connection = await connect({ host: server.host, args: manage });
    for (const [args, words] of [
      [{ modelfile: 'FROM /etc/hostname' }, 'no folder is allowed'],
      [{ modelfile: 'FROM chat-model\nADAPTER x' }, 'ADAPTER names a file, x'],
      [{ modelfile: 'FROM chat-model\nDRAFT x' }, 'DRAFT names a file, x'],
      [{ modelfile: 'FROM model.bin' }, 'FROM names a file, model.bin'],
      [{ from: './x.gguf' }, 'from names a file'],
      [{ modelfile: 'FORM x' }, 'Modelfile'],
    ] as const) {
      const { isError, text } = await call(connection, 'ollama_create_model', { model: 'mine', ...args });
      expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining(words) });
    }
    expect(server.requests).toEqual([]);
  });

  test('a model with the same name as a file in the working directory is still a model', async () => {
    await using server = await startScripted();
    await using connection = await connect({ host: server.host, args: manage });
    // The working directory of the tests has a package.json.
    const { isError } = await call(connection, 'ollama_create_model', {
      model: 'mine',
      modelfile: 'FROM package.json',
    });
    expect(isError).toBe(false);
    expect(server.lastRequest.body).toMatchObject({ from: 'package.json' });
    expect(server.blobs.size).toBe(0);
  });
});
