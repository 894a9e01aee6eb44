import { realpathSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { chromium } from '../fixtures/chromium.ts';
import { ChromiumPage } from '../fixtures/chromium-page.ts';
import { tempFolder } from '../fixtures/core/temp-folder.ts';
import { examplesFolder, startCommand } from '../fixtures/examples/run-example.ts';

const skipped = chromium === undefined ? ' (skipped: Chromium not found)' : '';
// esbuild comes with tsup.
const tsup = realpathSync(new URL('../../node_modules/tsup/package.json', import.meta.url));
const esbuild = join(dirname(createRequire(tsup).resolve('esbuild/package.json')), 'bin/esbuild');

test.skipIf(skipped)(`browser-page: lists models, streams an answer, stops one${skipped}`, async () => {
  await using server = await startScripted();
  await using served = await tempFolder();
  await mkdir(join(served.path, 'page'));
  await copyFile(join(examplesFolder, 'browser-page/index.html'), join(served.path, 'page/index.html'));
  // The command of the file's first lines, at a free port and with its output elsewhere.
  const page = join(examplesFolder, 'browser-page/page.ts');
  const out = [`--outfile=${served.path}/page/page.js`, `--servedir=${served.path}/page`, '--serve=127.0.0.1:0'];
  await using running = startCommand(esbuild, [page, '--bundle', '--format=esm', ...out], { host: '' });
  const address = () => /http:\/\/127\.0\.0\.1:\d+\//.exec(running.stderr())?.[0];
  await expect.poll(address).toBeDefined();

  await using browser = await ChromiumPage.open(chromium!, { width: 800, height: 600 });
  await browser.goto(address()!);
  const host = 'document.forms[0]?.elements.namedItem("host")';
  await browser.until(`${host} && document.readyState === "complete"`);
  await browser.evaluate(`{ const host = ${host}; host.value = ${JSON.stringify(server.host)}; host.onchange(); }`);
  await browser.until('document.querySelectorAll("option").length === 3');
  const ask = async (question: string) => {
    await browser.click('input[name=question]', 3);
    await browser.type(question);
    await browser.click('button[type=submit]');
  };
  const shown = (text: string) => `document.querySelector("output").textContent === ${JSON.stringify(text)}`;

  const stop = gate();
  server.chat({ text: ['Hel', stop, 'lo'] });
  await ask('Hello?');
  await browser.until(shown('Hel'));
  await stop.reached;
  stop.release();
  await browser.until(shown('Hello'));
  expect(server.lastRequest.body['messages']).toEqual([{ role: 'user', content: 'Hello?' }]);

  server.chat({ text: ['Once', gate()] });
  await ask('A story');
  await browser.until(shown('Once'));
  await browser.click('button[name=stop]');
  expect(await server.lastRequest.closed).toBe('aborted');
  await browser.until(shown('Once [stopped]'));

  await server.refuse();
  await ask('Still there?');
  await browser.until('/OLLAMA_ORIGINS/.test(document.querySelector("output").textContent)');
});
