import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gate, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { chromium } from '../../fixtures/chromium.ts';
import { ChromiumPage } from '../../fixtures/chromium-page.ts';
import { OpenApp } from '../../fixtures/mcp-apps/open-app.ts';
import { serveHost } from '../../fixtures/mcp-apps/serve-host.ts';
import { startHttp } from '../../fixtures/mcp-http/http-process.ts';

const picture = fileURLToPath(new URL('../../../docs/images/mcp-models-page.png', import.meta.url));
const models = [
  scriptedModel({ name: 'llama3.2', contextLength: 131_072 }),
  scriptedModel({
    name: 'qwen3:8b',
    capabilities: ['completion', 'tools', 'thinking'],
    size: 5_200_000_000,
    parameterSize: '8.2B',
    contextLength: 40_960,
  }),
  scriptedModel({
    name: 'nomic-embed-text',
    capabilities: ['embedding'],
    size: 274_000_000,
    parameterSize: '137M',
    quantization: 'F16',
    contextLength: 2048,
  }),
];

// UPDATE_SCREENSHOTS=1 updates the screenshot in the README.
test.skipIf(chromium === undefined)('the page in use, as the README shows it', async () => {
  await using ollama = await startScripted({ models });
  const args = ['--toolsets', 'inference,models,manage', '--http-sessions'];
  await using server = await startHttp({ host: ollama.host, args });
  await using host = await serveHost();
  await using page = await ChromiumPage.open(chromium!, { width: 760, height: 1085 });
  await page.setColorScheme('light');
  const app = await OpenApp.open(page, host, { url: server.url, tool: 'ollama_list_models', passes: 'all' });
  await app.use('Load llama3.2:latest');
  await app.says('tbody tr', 'loaded,');
  const stop = gate();
  const layer = { status: 'pulling abc', digest: 'sha256:abc', total: 3_300_000_000 };
  ollama.pull(['pulling manifest', { ...layer, completed: 1_420_000_000 }, stop, 'success']);
  await app.write('Name', 'gemma3:4b');
  await page.press('Enter');
  await app.says('#download li', '1,420 of 3,300 MB');
  ollama.chat({ text: 'Air scatters blue light more than red, so blue reaches your eyes from all over the sky.' });
  await app.write('Message', 'Why is the sky blue? One sentence.');
  await page.press('Enter');
  await app.says('[role=log]', 'all over the sky.');
  await app.write('Lines', 'The printer is out of paper\nThe train is late\nOur cat sleeps all day');
  await app.write('Query', 'pets');
  await page.press('Enter');
  await app.frame.until("document.querySelectorAll('#rank li').length === 3");
  // The buttons around the frame belong to the test.
  await page.evaluate("for (const button of document.querySelectorAll('button')) button.remove()");
  const png = await page.screenshot();
  if (process.env['UPDATE_SCREENSHOTS'] === '1') await writeFile(picture, png);
  expect(png.length).toBeGreaterThan(20_000);
  stop.release();
  await app.says('[role=status]', 'Downloaded gemma3:4b.');
});
