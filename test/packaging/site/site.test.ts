import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { siteBase } from '../../../docs/.vitepress/repository.ts';
import { brokenLinks } from '../../../docs/check-links.ts';
import { tools } from '../../../packages/mcp-server/src/tools/catalog/index.ts';
import { chromium } from '../../fixtures/chromium.ts';
import { ChromiumPage } from '../../fixtures/chromium-page.ts';
import { serveSite } from './serve-site.ts';

const run = promisify(execFile);
const build = fileURLToPath(new URL('../../../docs/build.ts', import.meta.url));

let site = '';
let output = '';
beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), 'ollama-toolbelt-site-'));
  // It fails if a link is broken, or a type of the API has no page.
  ({ stdout: output } = await run(process.execPath, [build, site]));
});
afterAll(() => rm(site, { recursive: true, force: true }));

const page = (path: string) => readFile(join(site, `${path}.html`), 'utf8');

test('the site builds, and every link works', () => {
  expect(output).toMatch(/^\d{3,} pages, \d{4,} links followed, 0 broken$/m);
});

test('every tool, operation and method is on the site', async () => {
  const mcpTools = await page('reference/mcp-tools');
  for (const { name } of tools) expect(mcpTools).toContain(`id="${name}"`);
  const n8n = await page('reference/n8n-operations');
  for (const id of ['chat-message-a-model', 'model-pull', 'ollama-toolbelt-trigger'])
    expect(n8n).toContain(`id="${id}`);
  const client = await page('api/node/classes/Ollama');
  for (const id of ['chatstream', 'embed', 'websearch']) expect(client).toContain(`id="${id}"`);
  expect(await page('reference/mcp-settings')).toContain('--allow-dir');
});

test('broken links are found: to a page, to an anchor, to an image', async () => {
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

describe.skipIf(chromium === undefined)('in a browser', () => {
  const text = (selector: string) => `document.querySelector(${JSON.stringify(selector)})?.innerText`;

  test('the search finds a page, and the result links to it', async () => {
    await using server = await serveSite(site);
    await using browser = await ChromiumPage.open(chromium!, { width: 1200, height: 900 });
    await browser.goto(server.url);
    await browser.click('.VPNavBarSearch button');
    await browser.until("document.activeElement?.matches('.search-input')");
    await browser.type('ECONNREFUSED');
    await browser.until("document.querySelectorAll('.results .result').length > 0");
    expect(await browser.evaluate(text('.results .result'))).toContain('ECONNREFUSED');
    await browser.click('.results .result');
    await browser.until(
      "/troubleshooting|docker|errors/.test(location.pathname) && !document.querySelector('.VPLocalSearchBox')",
    );
    await browser.until(`${text('main')}?.includes('ECONNREFUSED')`);
  });

  test('the appearance can be changed, and is kept on other pages', async () => {
    await using server = await serveSite(site);
    await using browser = await ChromiumPage.open(chromium!, { width: 1400, height: 900 });
    await browser.setColorScheme('light');
    await browser.goto(`${server.url}guides/docker`);
    await browser.until("document.readyState === 'complete'");
    const background = 'getComputedStyle(document.body).backgroundColor';
    const light = await browser.evaluate<string>(background);
    await browser.click('.VPNavBarAppearance button');
    await browser.until(`${background} !== ${JSON.stringify(light)}`);
    await browser.goto(`${server.url}guides/faq`);
    await browser.until("document.documentElement?.classList.contains('dark')");
  });

  test.each([
    '',
    'packages/mcp-server',
    'packages/core',
    'guides/from-ollama-js',
    'errors',
    'api/node/classes/Ollama',
    'reference/mcp-tools',
  ])('nothing of /%s is wider than a phone', async (path) => {
    await using server = await serveSite(site);
    await using browser = await ChromiumPage.open(chromium!, { width: 375, height: 800 });
    await browser.goto(`${server.url}${path}`);
    await browser.until("document.querySelector('h1')");
    expect(await browser.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
  });
});
