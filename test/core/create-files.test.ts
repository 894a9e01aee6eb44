import { mkdir, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { createOllama } from '@ollama-toolbelt/core/node';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../fixtures/core/failure.ts';
import { type TempFolder, tempFolder, weights } from '../fixtures/core/temp-folder.ts';

/** The request fields that a Modelfile becomes; for files only their names. */
async function fieldsOf(modelfile: string, baseDir: string) {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  await ollama.create({ model: 'mine', modelfile }, { baseDir });
  const { from, files, adapters, draft_files } = server.lastRequest.body;
  const names = (value: unknown) => value && Object.keys(value as object).sort();
  return { from, files: names(files), adapters: names(adapters), draft: names(draft_files) };
}

async function refusalOf(modelfile: string, baseDir: string) {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  const error = await failureOf(ollama.create({ model: 'mine', modelfile }, { baseDir }));
  expect(server.requests).toEqual([]);
  expect(error.code).toBe('bad_modelfile');
  return error;
}

async function folderWith(...names: string[]): Promise<TempFolder> {
  const folder = await tempFolder();
  for (const [index, name] of names.entries()) {
    await folder.write(name, /json|jinja|\.txt$/.test(name) ? '{}' : weights(index + 2));
  }
  return folder;
}

describe('FROM', () => {
  test('names a file by an absolute or relative path, or from the home folder', async () => {
    await using folder = await folderWith('deep/model.gguf');
    const path = join(folder.path, 'deep/model.gguf');
    const home = `~/${relative(homedir(), path)}`;
    for (const from of [path, 'deep/model.gguf', './deep/../deep/model.gguf', home, `"${path}"`]) {
      expect(await fieldsOf(`FROM ${from}`, folder.path), from).toMatchObject({ files: ['model.gguf'] });
    }
    expect(await fieldsOf('FROM ../deep/model.gguf', join(folder.path, 'deep'))).toMatchObject({
      files: ['model.gguf'],
    });
  });

  test('names a model if there is no such file; the last one wins', async () => {
    await using folder = await folderWith('model.gguf');
    expect(await fieldsOf('FROM a\nFROM b:latest', folder.path)).toMatchObject({ from: 'b:latest', files: undefined });
    expect(await fieldsOf('FROM a\nFROM model.gguf', folder.path)).toMatchObject({ from: 'a', files: ['model.gguf'] });
  });

  test('several files are named relative to their common folder', async () => {
    await using folder = await folderWith('a/model.gguf', 'b/c/mmproj.gguf');
    const fields = await fieldsOf('FROM a/model.gguf\nFROM b/c/mmproj.gguf', folder.path);
    expect(fields.files).toEqual(['a/model.gguf', 'b/c/mmproj.gguf']);
  });

  test.each(['./missing.gguf', '/missing/model', '~/missing-model', '../missing'])(
    '%s is refused where there is no such file',
    async (from) => {
      await using folder = await folderWith();
      const error = await refusalOf(`SYSTEM x\nFROM ${from}`, folder.path);
      expect(error.message).toBe(`Modelfile (line 2): FROM ${from}: no such file or folder`);
    },
  );

  test('an unknown user is named', async () => {
    await using folder = await folderWith();
    const error = await refusalOf('FROM ~no-such-user-zz/model.gguf', folder.path);
    expect(error.message).toContain("failed to find user 'no-such-user-zz'");
  });
});

describe('ADAPTER and DRAFT', () => {
  test('name files; the last adapter wins', async () => {
    await using folder = await folderWith('model.gguf', 'a.gguf', 'b.gguf', 'small.gguf');
    const modelfile = 'FROM base\nADAPTER a.gguf\nADAPTER ./b.gguf\nDRAFT small.gguf';
    expect(await fieldsOf(modelfile, folder.path)).toEqual({
      from: 'base',
      files: undefined,
      adapters: ['b.gguf'],
      draft: ['small.gguf'],
    });
  });

  test.each(['ADAPTER', 'DRAFT'])('%s without a file is rejected', async (command) => {
    await using folder = await folderWith();
    const error = await refusalOf(`FROM base\n${command} nothing`, folder.path);
    expect(error.message).toBe(`Modelfile (line 2): ${command} nothing: no such file or folder`);
  });

  test('the draft is another file than the model', async () => {
    await using folder = await folderWith('model.gguf');
    await symlink('model.gguf', join(folder.path, 'link.gguf'));
    for (const draft of ['model.gguf', './link.gguf']) {
      const error = await refusalOf(`FROM model.gguf\nDRAFT ${draft}`, folder.path);
      expect(error.message).toContain('DRAFT must not reference the same local path as FROM');
    }
    expect((await refusalOf('FROM .\nDRAFT .', folder.path)).message).toContain('same local path');
  });
});

describe('a folder', () => {
  test.each<[string, string[], string[]]>([
    [
      'of safetensors, with the nested ones, JSON and tokenizer',
      [
        'model-00001-of-00002.safetensors',
        'model-00002-of-00002.safetensors',
        'vision/model.safetensors',
        'config.json',
        'tokenizer.json',
        '1_Pooling/config.json',
        'chat_template.jinja',
        'tokenizer.model',
      ],
      ['README.md', 'consolidated.safetensors', 'other.gguf', 'a/b/c.json', 'x.safetensors'],
    ],
    ['of consolidated safetensors', ['consolidated.00.safetensors', 'params.json'], ['other.gguf', 'model.bin']],
    [
      'of GGUF, including split files',
      ['m-00001-of-00002.gguf', 'm-00002-of-00002.gguf', 'config.json'],
      ['other.bin'],
    ],
    ['of GGUF with another extension', ['ggml-model.bin'], ['notes.txt']],
  ])('%s', async (_, taken, left) => {
    await using folder = await folderWith(...taken, ...left);
    expect((await fieldsOf('FROM .', folder.path)).files).toEqual([...taken].sort());
  });

  test('recognizes zipped weights, and skips git-lfs pointers', async () => {
    await using folder = await folderWith('config.json');
    await folder.write('pytorch_model.bin', 'version https://git-lfs.github.com/spec/v1\n');
    await folder.write('consolidated.00.pth', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]));
    expect((await fieldsOf('FROM .', folder.path)).files).toEqual(['config.json', 'consolidated.00.pth']);
  });

  test('without a model is rejected with Ollama’s message', async () => {
    await using folder = await folderWith('config.json', 'notes.txt');
    const error = await refusalOf('FROM .', folder.path);
    expect(error.message).toBe('Modelfile (line 1): FROM .: no Modelfile or safetensors files found');
    expect(error.hint).toContain(`There is a folder ${folder.path}`);
  });

  test('with JSON that is not text is rejected', async () => {
    await using folder = await folderWith('model.safetensors');
    await folder.write('config.json', weights(2));
    expect((await refusalOf('FROM .', folder.path)).message).toContain('invalid content type');
  });

  test('a single file in it has its own name', async () => {
    await using folder = await folderWith('a/model.gguf');
    expect((await fieldsOf('FROM ./a', folder.path)).files).toEqual(['model.gguf']);
  });
});

describe('links', () => {
  test('within the folder are followed', async () => {
    await using folder = await folderWith('weights/w1', 'config.json');
    await symlink('weights/w1', join(folder.path, 'model.safetensors'));
    expect((await fieldsOf('FROM .', folder.path)).files).toEqual(['config.json', 'model.safetensors']);
  });

  test('out of the folder are rejected, for files and folders', async () => {
    await using outside = await folderWith('secret.gguf', 'model.safetensors');
    await using folder = await tempFolder();
    await mkdir(join(folder.path, 'model'));
    await symlink(join(outside.path, 'secret.gguf'), join(folder.path, 'model.gguf'));
    await symlink(outside.path, join(folder.path, 'linked'));
    await symlink(join(outside.path, 'model.safetensors'), join(folder.path, 'model/model.safetensors'));
    for (const from of ['model.gguf', './model.gguf', 'linked', 'linked/secret.gguf', 'model']) {
      const error = await refusalOf(`FROM ${from}`, folder.path);
      expect(error.message, from).toContain('Modelfile (line 1): insecure path: ../');
      expect(error.hint).toContain('--local-dir');
    }
    expect((await refusalOf('FROM base\nADAPTER model.gguf', folder.path)).message).toContain('insecure path');
  });

  test('a folder reached through a link cannot be left through another', async () => {
    await using folder = await folderWith('real/model.safetensors', 'real/config.json');
    await symlink('real', join(folder.path, 'alias'));
    const wanted = ['config.json', 'model.safetensors'];
    expect((await fieldsOf('FROM .', join(folder.path, 'alias'))).files).toEqual(wanted);
    expect((await fieldsOf('FROM alias', folder.path)).files).toEqual(wanted);
  });
});
