import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { siteBase } from '../../../docs/.vitepress/repository.ts';
import { brokenLinks } from '../../../docs/check-links.ts';
import { tools } from '../../../packages/mcp-server/src/tools/catalog/index.ts';

const run = promisify(execFile);
const build = fileURLToPath(new URL('../../../docs/build.ts', import.meta.url));

let site = '';
let said = '';
beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), 'ollama-toolbelt-site-'));
  // It fails on a broken link, and on a type of the API that has no page.
  ({ stdout: said } = await run(process.execPath, [build, site]));
}, 300_000);
afterAll(() => rm(site, { recursive: true, force: true }));

const page = (path: string) => readFile(join(site, `${path}.html`), 'utf8');

test('the site builds, and every link leads somewhere', () => {
  expect(said).toMatch(/^\d{3,} pages, \d{4,} links followed, 0 broken$/m);
});

test('every tool, every operation and every method has its place', async () => {
  const mcpTools = await page('reference/mcp-tools');
  for (const { name } of tools) expect(mcpTools).toContain(`id="${name}"`);
  const n8n = await page('reference/n8n-operations');
  for (const id of ['chat-message-a-model', 'model-pull', 'ollama-toolbelt-trigger'])
    expect(n8n).toContain(`id="${id}`);
  const client = await page('api/node/classes/Ollama');
  for (const id of ['chatstream', 'embed', 'websearch']) expect(client).toContain(`id="${id}"`);
  expect(await page('reference/mcp-settings')).toContain('--allow-dir');
});

test('a broken link is found: to a page, to a place in a page, to a picture', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ollama-toolbelt-links-'));
  try {
    const base = siteBase.slice(0, -1);
    const links = ['/there', '/there#place', '/not-there', '/there#no-place'].map(
      (to) => `<a href="${base}${to}">x</a>`,
    );
    await writeFile(
      join(folder, 'index.html'),
      `${links.join('')}<img src="${base}/no.png"><a href="/elsewhere">x</a>`,
    );
    await writeFile(join(folder, 'there.html'), '<p id="place"></p>');
    expect(brokenLinks(folder)).toEqual({
      pages: 2,
      links: 6,
      broken: ['/not-there', '/there#no-place', '/no.png']
        .map((link) => ({ page: 'index.html', link: `${base}${link}` }))
        .concat({ page: 'index.html', link: '/elsewhere' }),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
