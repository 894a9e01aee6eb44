import { gate, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium } from '../../fixtures/chromium.ts';
import { ChromiumPage } from '../../fixtures/chromium-page.ts';
import { nowhere } from '../../fixtures/mcp/connect.ts';
import { OpenApp } from '../../fixtures/mcp-apps/open-app.ts';
import { type HostServer, serveHost } from '../../fixtures/mcp-apps/serve-host.ts';
import { startHttp } from '../../fixtures/mcp-http/http-process.ts';

const everything = ['--toolsets', 'inference,models,manage'];
const list = { tool: 'ollama_list_models', passes: 'all' } as const;
const suffix = chromium === undefined ? ' (skipped: no Chromium)' : '';

describe.skipIf(chromium === undefined)(`what the page offers${suffix}`, () => {
  const stack = new AsyncDisposableStack();
  let host: HostServer;
  let page: ChromiumPage;
  beforeAll(async () => {
    host = stack.use(await serveHost());
    page = stack.use(await ChromiumPage.open(chromium!, { width: 800, height: 900 }));
  });
  afterAll(() => stack.disposeAsync());

  test.each([
    ['by default', [], 'start the server with --toolsets inference,models,manage'],
    ['read-only', [...everything, '--read-only'], 'The server is read-only (--read-only)'],
  ])('%s it changes nothing, and says why', async (_, args, hint) => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host, args });
    const app = await OpenApp.open(page, host, { ...list, url: server.url });
    await app.says('#hint', hint);
    await app.says('tbody', 'chat-model');
    await app.tabTo('Send');
    const buttons = (await app.frame.accessibles()).filter(({ role }) => role === 'button').map(({ name }) => name);
    expect(buttons.toSorted()).toEqual(['Rank', 'Refresh', 'Send']);
  });

  test('without suitable models there is no chat and no ranking', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host, args: ['--toolsets', 'models,manage'] });
    const app = await OpenApp.open(page, host, { ...list, url: server.url });
    await app.says('#hint', 'To try models here, start the server with --toolsets');
    await app.tabTo('Delete chat-model:latest');
    expect((await app.frame.accessibles()).filter(({ role }) => role === 'heading')).toHaveLength(2);
  });

  test('with nothing installed it says how to get a model', async () => {
    await using ollama = await startScripted({ models: [] });
    await using server = await startHttp({ host: ollama.host });
    const app = await OpenApp.open(page, host, { ...list, url: server.url });
    await app.says('[role=status]', 'No models are installed: ollama pull llama3.2');
  });

  test('if Ollama is not running, it says what to do, and Refresh tries again', async () => {
    await using server = await startHttp({ host: nowhere });
    const app = await OpenApp.open(page, host, { ...list, tool: 'ollama_status', url: server.url });
    await app.says('main > [role=alert]', 'Ollama cannot be reached at http://127.0.0.1:9');
    await app.says('main > [role=alert]', 'Start Ollama there ("ollama serve")');
    await app.use('Refresh');
    await app.says('main > [role=alert]', 'Ollama cannot be reached');
  });

  test('if the host does not let pages call tools, the result of the tool is shown', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host, args: everything });
    const app = await OpenApp.open(page, host, { ...list, url: server.url, isStill: true });
    await app.says('tbody', 'chat-model:latest');
    await app.says('#hint', 'This host does not let pages call tools.');
    expect(await app.host('calls')).toEqual([]);
  });

  test('with several servers, each shows its state, and its models have its name', async () => {
    await using gpu = await startScripted({ models: [scriptedModel({ name: 'big' })] });
    await using laptop = await startScripted({ models: [scriptedModel({ name: 'small' })] });
    const args = [...everything, '--http-sessions', '--host', `gpu=${gpu.host},laptop=${laptop.host},off=${nowhere}`];
    await using server = await startHttp({ host: gpu.host, args });
    const app = await OpenApp.open(page, host, { ...list, url: server.url });
    await app.says('#server', `Ollama 0.33.0 at ${laptop.host}, 1 models`);
    await app.says('#server', `${nowhere}: `);
    await app.use('Load laptop/small:latest');
    await app.says('[role=status]', 'Loaded laptop/small:latest.');
    await app.says('tbody tr:last-child', 'GPU, until');
  });

  // Without sessions the server keeps no jobs, so each of these is one call.
  test('without jobs a download shows the progress that the host passes on, and is cancelled through it', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host, args: everything });
    const app = await OpenApp.open(page, host, { ...list, url: server.url, passes: 'progress' });
    const [first, second] = [gate(), gate()];
    const layer = { status: 'pulling abc', digest: 'sha256:abc', total: 2_000_000_000 };
    ollama.pull(['pulling manifest', { ...layer, completed: 500_000_000 }, first, 'success']);
    await app.write('Name', 'new-model');
    await page.press('Enter');
    await app.says('#download li', '500 of 2,000 MB');
    first.release();
    await app.says('[role=status]', 'Downloaded new-model.');
    expect(await app.host<string[]>('calls')).not.toContain('ollama_job');

    ollama.pull(['pulling manifest', second, 'success']);
    await app.write('Name', 'another');
    await page.press('Enter');
    await second.reached;
    await app.use('Cancel the download of another');
    await app.says('[role=status]', 'Cancelled another.');
    second.release();
  });
});
