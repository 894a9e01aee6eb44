import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { tempFolder } from '../fixtures/core/temp-folder.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
// esbuild comes with tsup.
const esbuild: { build(options: object): Promise<unknown> } = createRequire(
  realpathSync(join(root, 'node_modules/tsup/package.json')),
)('esbuild');

const source = `
import { createOllama } from '@ollama-toolbelt/core/node';
const host = process.env.HOST;
const failure = (call) => call.then(() => 'whole', ({ code, option, message, hint }) => ({ code, option, message, hint }));
const ollama = createOllama({ host });
const withProxy = createOllama({ host, proxy: 'http://127.0.0.1:9', retry: false });
(async () => {
  const pieces = [];
  for await (const { message } of ollama.chatStream({ model: 'chat-model', messages: [{ role: 'user', content: 'Hi' }] }))
    pieces.push(message.content);
  const proxied = await failure(withProxy.version());
  await ollama.close();
  console.log(JSON.stringify({ pieces, proxied }));
})();
`;

/** The output of the program after esbuild has bundled it. */
async function bundled(format: 'esm' | 'cjs', host: string) {
  await using folder = await tempFolder();
  const entry = await folder.write('program.mjs', source);
  const outfile = join(folder.path, `bundle.${format === 'esm' ? 'mjs' : 'cjs'}`);
  await esbuild.build({
    entryPoints: [entry],
    outfile,
    format,
    bundle: true,
    platform: 'node',
    nodePaths: [join(root, 'test/node_modules')],
    logLevel: 'error',
  });
  const { stdout, stderr } = await run(process.execPath, [outfile], { env: { HOST: host }, timeout: 120_000 });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as unknown;
}

test('a bundled ES module cannot load undici: it uses fetch, and options that need undici give an error', async () => {
  await using server = await startScripted();
  server.chat({ text: ['Hel', 'lo'] });
  expect(await bundled('esm', server.host)).toEqual({
    pieces: ['Hel', 'lo', ''],
    proxied: {
      code: 'unsupported',
      option: 'proxy',
      message: '"proxy" needs undici, which cannot be loaded here.',
      hint: expect.stringContaining('--external:undici'),
    },
  });
});

test('CommonJS can', async () => {
  await using server = await startScripted();
  server.chat({ text: ['Hel', 'lo'] });
  expect(await bundled('cjs', server.host)).toMatchObject({ pieces: ['Hel', 'lo', ''], proxied: { code: 'refused' } });
});
