import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ScriptedServer, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { chromium } from '../../fixtures/chromium.ts';
import { ChromiumPage } from '../../fixtures/chromium-page.ts';
import { N8nApi } from './n8n-api.ts';
import { chain, chatParameters, ourNode, startNode } from './workflow.ts';

const n8n = inject('n8n');

const MAX_BYTES = 300_000;
/** With UPDATE_SCREENSHOTS=1 the pictures of the documentation are made anew. */
const pictures = process.env['UPDATE_SCREENSHOTS'] === '1' && path.resolve(import.meta.dirname, '../../../docs/images');

const seen = (testId: string) => `document.querySelector('[data-test-id="${testId}"]')`;

describe.skipIf('missing' in n8n || chromium === undefined)("n8n's editor in Chromium", () => {
  const stack = new AsyncDisposableStack();
  let server: ScriptedServer;
  let page: ChromiumPage;
  let workflowUrl: string;

  beforeAll(async () => {
    if ('missing' in n8n) return;
    const { url, cookie, browserId } = n8n.access;
    const api = new N8nApi(n8n.access);
    server = stack.use(
      await startScripted({
        models: [
          scriptedModel({ name: 'llama3.2:3b' }),
          scriptedModel({
            name: 'qwen3:8b',
            family: 'qwen3',
            parameterSize: '8.2B',
            size: 5_200_000_000,
            contextLength: 40_960,
            capabilities: ['completion', 'tools', 'thinking'],
          }),
          scriptedModel({ name: 'nomic-embed-text', capabilities: ['embedding'] }),
        ],
      }),
    );
    const credential = await api.addCredential({ baseUrl: server.host });
    const parameters = chatParameters({
      model: { __rl: true, mode: 'list', value: '' },
      options: { keep_alive: '30m', num_ctx: 8192 },
    });
    const workflow = await api.addWorkflow(chain('Ask a local model', [startNode, ourNode(parameters, credential)]));
    workflowUrl = `${url}/workflow/${workflow.id}`;
    const [name, value] = cookie.split('=') as [string, string];
    page = stack.use(
      await ChromiumPage.open(chromium!, {
        width: 1600,
        height: 900,
        cookie: { name, value, url },
        localStorage: { 'n8n-browserId': browserId },
      }),
    );
  });
  afterAll(() => stack.disposeAsync());

  async function picture(name: string): Promise<void> {
    const png = await page.screenshot();
    expect(png.byteLength).toBeLessThan(MAX_BYTES);
    if (pictures === false) return;
    await mkdir(pictures, { recursive: true });
    await writeFile(path.join(pictures, `${name}.png`), png);
  }

  test('opens the node, offers the models that can chat, and runs it', async () => {
    await page.goto(workflowUrl);
    await page.click('[data-test-id="canvas-node"][data-node-name="Ollama"]', 2);
    await page.until(seen('ndv'));

    await page.click('[data-test-id="parameter-input-field"] [data-test-id="rlc-input"], [data-test-id="rlc-input"]');
    await page.until(`${seen('rlc-item')}`);
    expect(
      await page.evaluate('[...document.querySelectorAll(`[data-test-id="rlc-item"]`)].map((e) => e.innerText.trim())'),
    ).toEqual([expect.stringContaining('llama3.2:3b'), expect.stringContaining('qwen3:8b')]);
    await picture('n8n-model-list');
    await page.click('[data-test-id="rlc-item"]');

    server.chat({ text: ['Rayleigh', ' scattering.'] });
    await page.click('[data-test-id="node-execute-button"]');
    await page.until('document.body.innerText.includes("Rayleigh scattering.")');
    expect(server.requestsTo('/api/chat')).toHaveLength(1);
    await picture('n8n-node');
  });
});
