import { gate, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium } from '../../fixtures/chromium.ts';
import { ChromiumPage } from '../../fixtures/chromium-page.ts';
import { accessibilityProblems } from '../../fixtures/mcp-apps/axe.ts';
import { OpenApp } from '../../fixtures/mcp-apps/open-app.ts';
import { type HostServer, serveHost } from '../../fixtures/mcp-apps/serve-host.ts';
import { startHttp } from '../../fixtures/mcp-http/http-process.ts';

const everything = ['--toolsets', 'inference,models,manage', '--http-sessions'];
const suffix = chromium === undefined ? ' (skipped: no Chromium)' : '';

describe.skipIf(chromium === undefined)(`how the page looks${suffix}`, () => {
  const stack = new AsyncDisposableStack();
  let host: HostServer;
  beforeAll(async () => {
    host = stack.use(await serveHost());
  });
  afterAll(() => stack.disposeAsync());

  const sizes = { desktop: { width: 800, height: 1000 }, phone: { width: 360, height: 800 } };

  test.each([
    ['light', 'desktop'],
    ['dark', 'desktop'],
    ['light', 'phone'],
    ['dark', 'phone'],
  ] as const)('%s on a %s everything can be read and reached', async (theme, device) => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host, args: everything });
    await using page = await ChromiumPage.open(chromium!, sizes[device]);
    // The host's theme overrides the preference of the browser.
    await page.setColorScheme(theme === 'dark' ? 'light' : 'dark');
    const context = { theme, containerDimensions: { width: sizes[device].width, maxHeight: 4000 } };
    const app = await OpenApp.open(page, host, { url: server.url, tool: 'ollama_status', passes: 'all', context });
    await app.says('#server', '3 models');
    // Show all parts of the page at once.
    const stop = gate();
    const layer = { status: 'pulling abc', digest: 'sha256:abc', total: 2_000_000_000 };
    ollama.pull(['pulling manifest', { ...layer, completed: 500_000_000 }, stop, 'success']);
    await app.write('Name', 'new-model');
    await page.press('Enter');
    await app.says('#download li', '500 of 2,000 MB');
    await app.write('Message', 'Hi');
    await page.press('Enter');
    await app.says('[role=log]', 'Hello from the scripted engine.');
    await app.says('tbody', 'loaded,');
    await app.write('Lines', 'a cat\na dog');
    await app.write('Query', 'a dog');
    await page.press('Enter');
    await app.says('#rank ol', 'a dog');
    await app.use('Delete chat-model:latest');
    await app.says('dialog', 'Delete the model');

    expect(await accessibilityProblems(app.frame)).toEqual([]);
    const ground = await app.frame.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    expect(ground).toBe(theme === 'dark' ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)');
    // Nothing overflows at the side, and the frame is as tall as its content.
    const [width, scrollWidth, height, scrollHeight] = await app.frame.evaluate<number[]>(
      '(({ clientWidth, scrollWidth, clientHeight, scrollHeight }) => [clientWidth, scrollWidth, clientHeight, scrollHeight])(document.documentElement)',
    );
    expect(scrollWidth).toBe(width);
    expect(scrollHeight).toBe(height);
    // On a phone, a row is shown as a block of lines, but is still part of a table.
    const tree = await app.frame.accessibles();
    const roles = (wanted: string) => tree.filter(({ role }) => role === wanted).length;
    expect([roles('table'), roles('rowheader')]).toEqual([1, 3]);
    stop.release();
    await app.says('[role=status]', 'Downloaded new-model.');
  });

  test('colors, locale and time zone come from the host, and follow its changes', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host, args: everything });
    await using page = await ChromiumPage.open(chromium!, sizes.desktop);
    const variables = { '--color-background-primary': 'rgb(1, 2, 3)', '--color-text-primary': 'rgb(250, 251, 252)' };
    const context = { theme: 'dark' as const, styles: { variables }, locale: 'de-DE', timeZone: 'Asia/Tokyo' };
    const options = { url: server.url, tool: 'ollama_list_models', passes: 'all' } as const;
    const app = await OpenApp.open(page, host, { ...options, context: context as never });
    await app.says('tbody', '8.192');
    const style = (property: string) =>
      app.frame.evaluate<string>(`getComputedStyle(document.documentElement).${property}`);
    expect([await style('backgroundColor'), await style('color')]).toEqual(['rgb(1, 2, 3)', 'rgb(250, 251, 252)']);
    await app.host(`setContext({ theme: 'light', locale: 'no such locale', timeZone: 'Nowhere' })`);
    await app.frame.until("getComputedStyle(document.documentElement).colorScheme === 'light'");
    // Invalid values are ignored.
    await app.use('Load chat-model:latest');
    await app.says('tbody', 'until');
    expect(await app.host('problems')).toEqual([]);
  });

  test('it reports its height, up to the limit of the host, and then stays stable', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host, args: everything });
    await using page = await ChromiumPage.open(chromium!, sizes.desktop);
    const options = { url: server.url, tool: 'ollama_list_models', passes: 'all' } as const;
    const app = await OpenApp.open(page, host, { ...options, context: { containerDimensions: { maxHeight: 400 } } });
    await app.says('tbody', 'embedding-model');
    await app.hostUntil('heights.at(-1) === 400');
    const heights = await app.host<number[]>('heights');
    expect(heights.length).toBeLessThan(6);
    // Below the limit, it is as tall as its text.
    expect(heights.every((height) => height <= 400)).toBe(true);
  });

  test('names and answers are never treated as HTML', async () => {
    const hostile = '<img/src=x/onerror=document.body.className=1>';
    const models = [
      scriptedModel({
        name: `${hostile}:latest`,
        quantization: '<b>Q4</b>',
        capabilities: ['completion', '<script>1</script>'],
      }),
      scriptedModel({ name: '</script><script>document.body.className=2</script>:1', capabilities: ['embedding'] }),
      scriptedModel({ name: `"'\`\${1}&lt;&#x3c;:2` }),
    ];
    await using ollama = await startScripted({ models });
    await using server = await startHttp({ host: ollama.host, args: [...everything, '--model', '</script><i>'] });
    await using page = await ChromiumPage.open(chromium!, sizes.desktop);
    const app = await OpenApp.open(page, host, { url: server.url, tool: 'ollama_list_models', passes: 'all' });
    await app.says('#server', '3 models');
    const elements = 'document.querySelectorAll("img,b b,i,iframe,script").length';
    // The page itself has two.
    expect(await app.frame.evaluate(elements)).toBe(2);
    expect(await app.text('tbody tr:first-child th')).toContain(hostile);
    ollama.chat({ text: `${hostile}<script>document.body.className=3</script>` });
    await app.write('Message', hostile);
    await page.press('Enter');
    await app.says('[role=log] p:last-of-type', '<script>document.body.className=3</script>');
    await app.write('Name', `x/${hostile}`);
    ollama.pull(['<img src=x onerror=document.body.className=4>', 'success']);
    await page.press('Enter');
    await app.says('[role=status]', 'Downloaded x/');
    await app.use(`Delete ${hostile}:latest`);
    await app.frame.until("document.querySelector('dialog, main > [role=alert]:not(:empty)')");
    expect(await app.frame.evaluate(elements)).toBe(2);
    expect(await app.frame.evaluate('document.body.className')).toBe('');
  });
});
