import { type ScriptedServer, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { chromium } from '../../fixtures/chromium.ts';
import type { ChromiumPage } from '../../fixtures/chromium-page.ts';
import { EditorPage, seen } from './editor-page.ts';
import { examples } from './examples.ts';
import { N8nApi } from './n8n-api.ts';
import { chain, chatParameters, ourNode, startNode } from './workflow.ts';

const n8n = inject('n8n');

/** Whether the canvas is there, and has finished fading in. */
const isWhole = `(() => {
  let element = document.querySelector('[data-test-id="canvas-node"]');
  if (element === null) return false;
  for (; element; element = element.parentElement) if (getComputedStyle(element).opacity !== '1') return false;
  return true;
})()`;

describe.skipIf('missing' in n8n || chromium === undefined)("n8n's editor in Chromium", () => {
  const stack = new AsyncDisposableStack();
  let server: ScriptedServer;
  let editor: EditorPage;
  let page: ChromiumPage;
  let workflowUrl: string;
  let examplesInN8n: { id: string; name: string }[];
  const n8nUrl = (path: string) => ('missing' in n8n ? path : n8n.access.url + path);

  beforeAll(async () => {
    if ('missing' in n8n) return;
    const { url } = n8n.access;
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
    examplesInN8n = await api.call('GET', '/workflows');
    editor = stack.use(await EditorPage.open(chromium!, n8n.access));
    page = editor.page;
  });
  afterAll(() => stack.disposeAsync());

  const picture = (name: string) => editor.picture(name);

  test('opens the node, offers the models that can chat, and runs it', async () => {
    await page.goto(workflowUrl);
    await editor.openNode('Ollama');

    await page.click('[data-test-id="parameter-input-field"] [data-test-id="rlc-input"], [data-test-id="rlc-input"]');
    await page.until(`${seen('rlc-item')}`);
    expect(
      await page.evaluate('[...document.querySelectorAll(`[data-test-id="rlc-item"]`)].map((e) => e.innerText.trim())'),
    ).toEqual([expect.stringContaining('llama3.2:3b'), expect.stringContaining('qwen3:8b')]);
    await picture('n8n-model-list');
    await page.click('[data-test-id="rlc-item"]');

    server.chat({ text: ['Rayleigh', ' scattering.'] });
    await editor.execute();
    await page.until('document.body?.innerText.includes("Rayleigh scattering.")');
    expect(server.requestsTo('/api/chat')).toHaveLength(1);
    await picture('n8n-node');
    // After each run, the editor shows this for what it takes for a tool of an agent.
    expect(await page.evaluate('document.body.innerText')).not.toMatch(/set up to be filled by AI/);
  });

  test('shows notices above the output, each once', async () => {
    await page.goto(workflowUrl);
    await editor.openNode('Ollama');
    await page.click('[data-test-id="parameter-input-field"] [data-test-id="rlc-input"], [data-test-id="rlc-input"]');
    await page.until(seen('rlc-item'));
    await page.click('[data-test-id="rlc-item"]');
    server.chat({ text: ['Rayleigh'], doneReason: 'length' });
    await editor.execute();
    await page.until('document.body?.innerText.includes("reached its maximum length")');
    expect(await editor.hints()).toEqual([expect.stringContaining('The answer reached its maximum length')]);
    await editor.shows('Optional: connect tools for the model to call');
    await picture('n8n-hint');
  });

  test("shows the Chat Model's model below its name", async () => {
    const { id } = examplesInN8n.find(({ name }) => name === 'AI agent with our Chat Model and tools')!;
    await page.goto(n8nUrl(`/workflow/${id}`));
    await page.until('document.body?.innerText.includes("llama3.2")');
  });

  test.each(examples.map(({ name }) => name))('shows the example "%s" without overlapping nodes', async (name) => {
    const { id } = examplesInN8n.find((workflow) => workflow.name === name)!;
    await page.goto(n8nUrl(`/workflow/${id}`));
    await page.until(isWhole);
    const boxes = await page.evaluate<{ name: string; box: [number, number, number, number] }[]>(
      `[...document.querySelectorAll('[data-test-id="canvas-node"]')].map((element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return { name: element.dataset.nodeName, box: [left, top, right, bottom] };
      })`,
    );
    expect(boxes.length).toBeGreaterThan(1);
    const overlapping = boxes.flatMap((a, index) =>
      boxes
        .slice(index + 1)
        .filter((b) => a.box[0] < b.box[2] && b.box[0] < a.box[2] && a.box[1] < b.box[3] && b.box[1] < a.box[3])
        .map((b) => `${a.name} on ${b.name}`),
    );
    await picture(`n8n-example-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`);
    expect(overlapping).toEqual([]);
  });

  describe('its list of nodes', () => {
    const texts = (part: string) =>
      `[...document.querySelectorAll('[data-test-id="node-creator-${part}"]')].map((element) => element.innerText.trim())`;

    /** Searches for a node to add after the last one, or for a trigger if `url` is an empty workflow. */
    async function search(words: string, url = workflowUrl): Promise<Record<string, string>> {
      await page.goto(url);
      await page.click('[data-test-id="node-creator-plus-button"], [data-test-id="canvas-add-button"] button');
      await page.click('[data-test-id="node-creator-search-bar"]');
      await page.type(words);
      await page.until(`${texts('item-name')}.includes('Ollama Toolbelt')`);
      const names = await page.evaluate<string[]>(texts('item-name'));
      const descriptions = await page.evaluate<string[]>(texts('item-description'));
      return Object.fromEntries(names.map((name, index) => [name, descriptions[index]!]));
    }

    // n8n merges a node and its trigger into one entry, with the name of the one and the description of the other.
    const forBoth = 'Chat, generate, embed and manage models on an Ollama server, or start a workflow when they change';

    test('has node and trigger as one entry that describes both', async () => {
      const found = await search('ollama toolbelt');
      expect(found).toMatchObject({
        'Ollama Toolbelt': forBoth,
        'Ollama Toolbelt Chat Model': 'A model on an Ollama server for AI agents and chains',
      });
      expect(found).not.toHaveProperty('Ollama Toolbelt Trigger');
      await page.click('[data-test-id="node-creator-item-name"]');
      await page.until(`${texts('category-item')}.length === 2`);
      expect(await page.evaluate(texts('category-item'))).toEqual(['Actions (16)', 'Triggers (5)']);
    });

    test('offers the trigger to start an empty workflow', async () => {
      const found = await search('ollama toolbelt trigger', n8nUrl('/workflow/new'));
      expect(found).toMatchObject({ 'Ollama Toolbelt': forBoth });
    });

    test.each(['local llm', 'local model', 'pull model', 'rerank', 'vision', 'image'])(
      'finds us by "%s"',
      async (words) => {
        expect(await search(words)).toMatchObject({ 'Ollama Toolbelt': forBoth });
      },
    );
  });
});
