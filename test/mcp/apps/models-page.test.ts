import { failWith, gate, type ScriptedServer, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chromium } from '../../fixtures/chromium.ts';
import { ChromiumPage } from '../../fixtures/chromium-page.ts';
import { OpenApp } from '../../fixtures/mcp-apps/open-app.ts';
import { type HostServer, serveHost } from '../../fixtures/mcp-apps/serve-host.ts';
import { startHttp } from '../../fixtures/mcp-http/http-process.ts';

const everything = ['--toolsets', 'inference,models,manage', '--http-sessions'];
const models = [
  scriptedModel({ name: 'chat-model' }),
  scriptedModel({ name: 'embedding-model', capabilities: ['embedding'], size: 270_000_000 }),
];

const suffix = chromium === undefined ? ' (skipped: no Chromium)' : '';

describe.skipIf(chromium === undefined)(`the page of models, with only the keyboard${suffix}`, () => {
  const stack = new AsyncDisposableStack();
  let host: HostServer;
  let page: ChromiumPage;
  let servers: AsyncDisposableStack;
  let ollama: ScriptedServer;

  beforeAll(async () => {
    host = stack.use(await serveHost());
    page = stack.use(await ChromiumPage.open(chromium!, { width: 800, height: 1000 }));
  });
  afterAll(() => stack.disposeAsync());
  beforeEach(async () => {
    servers = new AsyncDisposableStack();
    ollama = servers.use(await startScripted({ models }));
  });
  afterEach(() => servers.disposeAsync());

  interface Options extends Partial<Parameters<typeof OpenApp.open>[2]> {
    /** Arguments of the server. */
    args?: readonly string[];
  }
  const open = async ({ args = everything, ...options }: Options = {}) => {
    const { url } = servers.use(await startHttp({ host: ollama.host, args }));
    return OpenApp.open(page, host, { url, tool: 'ollama_list_models', passes: 'all', ...options });
  };

  test('a screen reader can read the table of models', async () => {
    const app = await open();
    await app.says('tbody', 'embedding-model');
    const tree = await app.frame.accessibles();
    const names = (wanted: string) => tree.filter(({ role }) => role === wanted).map(({ name }) => name);
    expect(names('table')).toEqual(['Installed models']);
    expect(names('columnheader')).toEqual(['Model', 'Size', 'Context', 'Can', 'In memory']);
    expect(names('rowheader')).toEqual(['chat-model:latest 3.2B Q4_K_M', 'embedding-model:latest 3.2B Q4_K_M']);
    expect(names('cell')).toEqual(expect.arrayContaining(['270 MB', '8,192', 'embedding', 'no']));
    expect(names('button').toSorted()).toEqual([
      'Delete chat-model:latest',
      'Delete embedding-model:latest',
      'Download',
      'Load chat-model:latest',
      'Load embedding-model:latest',
      'Rank',
      'Refresh',
      'Send',
    ]);
    expect(names('textbox').toSorted()).toEqual(['Lines', 'Message', 'Name', 'Query']);
    expect(names('combobox')).toEqual(['Model', 'Embedding model']);
    expect(names('heading')).toEqual(['Ollama models', 'Download a model', 'Try a model', 'Rank lines by meaning']);
  });

  test('a model is loaded and unloaded, and the focus stays on its button', async () => {
    const app = await open();
    await app.use('Load chat-model:latest');
    await app.says('[role=status]', 'Loaded chat-model:latest.');
    await app.says('tbody tr:first-child', 'loaded,');
    expect(await app.focused()).toBe('Unload chat-model:latest');
    await page.press('Enter');
    await app.says('[role=status]', 'Unloaded chat-model:latest.');
    expect(await app.focused()).toBe('Load chat-model:latest');
  });

  test('before deleting a model, the page asks, with the focus on no', async () => {
    const app = await open();
    await app.use('Delete embedding-model:latest');
    await app.says('dialog', 'Delete the model "embedding-model:latest" (270 MB) from the disk?');
    const dialog = (await app.frame.accessibles()).find(({ role }) => role === 'alertdialog');
    expect(dialog?.name).toContain("This can't be undone.");
    expect(await app.focused()).toBe('Keep it');
    await page.press('Escape');
    await app.frame.until("!document.querySelector('dialog')");
    expect(await app.focused()).toBe('Delete embedding-model:latest');
    expect(ollama.requestsTo('/api/delete')).toEqual([]);

    await page.press('Enter');
    await app.says('dialog', 'Delete the model');
    await page.press('Tab', { shift: true });
    expect(await app.focused()).toBe('Delete');
    await page.press('Enter');
    await app.says('[role=status]', 'Deleted embedding-model:latest.');
    expect(ollama.requestsTo('/api/delete')).toHaveLength(1);
    await app.frame.until("!document.querySelector('tbody').innerText.includes('embedding-model')");
    // Without an embedding model, the ranking is hidden.
    await app.frame.until("document.querySelector('#rank').hidden");
    expect(await app.focused()).toBe('Refresh');
  });

  test('a question and its return focus survive a refresh of the list', async () => {
    const app = await open();
    await app.use('Delete chat-model:latest');
    await app.says('dialog', 'Delete the model');
    await app.use('Refresh');
    await app.says('[role=status]', 'Refreshed.');
    await app.use('Keep it');
    await app.frame.until("!document.querySelector('dialog')");
    expect(await app.focused()).toBe('Delete chat-model:latest');
    expect(ollama.requestsTo('/api/delete')).toEqual([]);
  });

  test('a host that can ask shows the question itself', async () => {
    const app = await open({ asks: true });
    await app.host("reply = 'decline'");
    await app.use('Delete chat-model:latest');
    await app.says('main > [role=alert]', 'The user declined, so nothing was changed');
    await app.host("reply = 'accept'");
    await app.use('Delete chat-model:latest');
    await app.says('[role=status]', 'Deleted chat-model:latest.');
    expect(await app.host('questions')).toHaveLength(2);
  });

  test.each(['all', 'progress', 'little'] as const)(
    'a download shows its progress in a host that passes on %s',
    async (passes) => {
      const app = await open({ passes });
      const stop = gate();
      const layer = { status: 'pulling abc', digest: 'sha256:abc', total: 2_000_000_000 };
      ollama.pull([
        'pulling manifest',
        { ...layer, completed: 500_000_000 },
        stop,
        { ...layer, completed: layer.total },
        'success',
      ]);
      await app.write('Name', 'new-model');
      await page.press('Enter');
      await app.says('#download li', '500 of 2,000 MB');
      const bar = (await app.frame.accessibles()).find(({ role }) => role === 'progressbar');
      expect(bar?.name).toBe('Download of new-model');
      stop.release();
      await app.says('[role=status]', 'Downloaded new-model.');
      await app.frame.until("!document.querySelector('#download li')");
      expect(ollama.requestsTo('/api/pull')).toHaveLength(1);
    },
  );

  test.each(['all', 'little'] as const)('a download is cancelled, in a host that passes on %s', async (passes) => {
    const app = await open({ passes });
    const stop = gate();
    ollama.pull(['pulling manifest', stop, 'success']);
    await app.write('Name', 'new-model');
    await page.press('Enter');
    await stop.reached;
    await app.use('Cancel the download of new-model');
    await app.says('[role=status]', 'Cancelled new-model.');
    expect(await ollama.requestsTo('/api/pull')[0]!.closed).toBe('aborted');
    expect(await app.focused()).toBe('Name');
  });

  test('a download that the page did not start is shown too', async () => {
    const stop = gate();
    ollama.pull(['pulling manifest', stop, 'success']);
    const app = await open();
    await app.host("call('ollama_pull_model', { model: 'by-the-agent', _wait_ms: 1 })");
    await app.use('Refresh');
    await app.says('#download li', 'by-the-agent: pulling manifest');
    await app.use('Cancel the download of by-the-agent');
    await app.says('[role=status]', 'Cancelled by-the-agent.');
  });

  test('an installed model is only replaced after a yes', async () => {
    const app = await open();
    ollama.pull(['success']);
    await app.write('Name', 'chat-model');
    await page.press('Enter');
    await app.says('dialog', 'Replace the installed model "chat-model:latest"');
    await page.press('Enter');
    await app.frame.until("!document.querySelector('#download li')");
    expect(ollama.requestsTo('/api/pull')).toEqual([]);
    expect(await app.text('#download [role=alert]')).toBe('');
  });

  test('a chat shows the answer of a model while it streams', async () => {
    const app = await open();
    const stop = gate();
    ollama.chat({ text: ['Because', stop, ' of Rayleigh.'] });
    await app.write('Message', 'Why is the sky blue?');
    await page.press('Enter');
    await app.says('[role=log]', 'Because');
    expect(await app.frame.evaluate("document.querySelector('[role=log]').ariaBusy")).toBe('true');
    stop.release();
    await app.says('[role=log]', 'Because of Rayleigh.');
    await app.frame.until("document.querySelector('[role=log]').ariaBusy === 'false'");
    expect(await app.focused()).toBe('Message');
    await page.type('And at night?');
    await page.press('Enter');
    await app.frame.until("document.querySelectorAll('[role=log] p').length === 4");
    await app.frame.until("document.querySelector('[role=log]').ariaBusy === 'false'");
    expect(ollama.requestsTo('/api/chat')[1]!.body).toMatchObject({
      messages: [
        { role: 'user', content: 'Why is the sky blue?' },
        { role: 'assistant', content: 'Because of Rayleigh.' },
        { role: 'user', content: 'And at night?' },
      ],
    });
  });

  test('Stop ends an answer, and its text so far stays', async () => {
    const app = await open({ passes: 'little' });
    const stop = gate();
    ollama.chat({ text: ['Because', stop, ' never'] });
    await app.write('Message', 'Why?');
    await page.press('Enter');
    await app.says('[role=log]', 'Because');
    await app.use('Stop');
    await app.says('[role=log]', 'stopped');
    expect(await ollama.requestsTo('/api/chat')[0]!.closed).toBe('aborted');
    expect(await app.text('[role=log] p:last-of-type')).toBe('Because');
    await app.says('#chat button', 'Send');
  });

  test('closing the page cancels a running answer', async () => {
    const app = await open();
    const stop = gate();
    ollama.chat({ text: ['Because', stop] });
    await app.write('Message', 'Why?');
    await page.press('Enter');
    await app.says('[role=log]', 'Because');
    await app.host('close()');
    expect(await ollama.requestsTo('/api/chat')[0]!.closed).toBe('aborted');
  });

  test('lines are ranked', async () => {
    const app = await open();
    await app.write('Lines', 'a cat\na dog\na stock');
    await app.write('Query', 'a dog');
    await page.press('Enter');
    await app.frame.until("document.querySelectorAll('#rank li').length === 3");
    expect(await app.text('#rank li')).toMatch(/^a dog 1$/);
  });

  test('an error is shown next to the failed action, with what to do', async () => {
    const app = await open();
    ollama.chat(failWith(404, "model 'chat-model:latest' not found"));
    await app.write('Message', 'Hi');
    await page.press('Enter');
    await app.says('#chat [role=alert]', 'not found');
    await app.says('#chat [role=alert]', 'ollama pull');
    // The message can be sent again.
    expect(await app.frame.evaluate("document.querySelector('#chat textarea').value")).toBe('Hi');
    expect((await app.frame.accessibles()).filter(({ role }) => role === 'alert').length).toBeGreaterThan(0);
  });
});
