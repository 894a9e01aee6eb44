import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DevTools } from './dev-tools.ts';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--remote-debugging-port=0',
  // The editor asks others for pictures and news; nothing but this machine is reached.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

export interface PageOptions {
  width: number;
  height: number;
  cookie: { name: string; value: string; url: string };
  localStorage: Record<string, string>;
}

/** A page of a Chromium of its own, driven by its debugging protocol: what a person does with the mouse. */
export class ChromiumPage implements AsyncDisposable {
  readonly #tools: DevTools;
  readonly #stack: AsyncDisposableStack;

  private constructor(tools: DevTools, stack: AsyncDisposableStack) {
    this.#tools = tools;
    this.#stack = stack;
  }

  static async open(chromium: string, options: PageOptions): Promise<ChromiumPage> {
    const stack = new AsyncDisposableStack();
    try {
      const tools = stack.use(await DevTools.connect(await startChromium(chromium, stack)));
      const { width, height, cookie, localStorage } = options;
      await tools.send('Page.enable');
      await tools.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
      await tools.send('Network.setCookie', cookie);
      const stored = `for (const [k, v] of Object.entries(${JSON.stringify(localStorage)})) localStorage.setItem(k, v)`;
      await tools.send('Page.addScriptToEvaluateOnNewDocument', { source: stored });
      return new ChromiumPage(tools, stack);
    } catch (error) {
      await stack.disposeAsync();
      throw error;
    }
  }

  async goto(url: string): Promise<void> {
    await this.#tools.send('Page.navigate', { url });
  }

  /** The value of an expression in the page. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#tools.send<{
      result: { value: T };
      exceptionDetails?: { text: string };
    }>('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${exceptionDetails.text}`);
    return result.value;
  }

  /** Waits until an expression in the page is true. */
  async until(expression: string, limitMs = 30_000): Promise<void> {
    const deadline = performance.now() + limitMs;
    while (!(await this.evaluate<boolean>(`Boolean(${expression})`))) {
      if (performance.now() > deadline) throw new Error(`waited in vain for: ${expression}`);
      await sleep(100);
    }
  }

  /** Clicks into the middle of the first element of a selector, once it is there and stands still. */
  async click(selector: string, times = 1): Promise<void> {
    const find = `document.querySelector(${JSON.stringify(selector)})`;
    await this.until(`${find}?.getBoundingClientRect().width > 0`);
    const middle = `(() => { const box = ${find}.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()`;
    let [x, y] = await this.evaluate<[number, number]>(middle);
    for (let still = false; !still; ) {
      await sleep(100);
      const [nextX, nextY] = await this.evaluate<[number, number]>(middle);
      still = nextX === x && nextY === y;
      [x, y] = [nextX, nextY];
    }
    await this.#tools.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y });
    for (let clickCount = 1; clickCount <= times; clickCount += 1) {
      for (const type of ['mousePressed', 'mouseReleased']) {
        await this.#tools.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount });
      }
    }
  }

  async type(text: string): Promise<void> {
    await this.#tools.send('Input.insertText', { text });
  }

  /** A PNG of what is shown. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.#tools.send<{ data: string }>('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(data, 'base64');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

/** Gives the address of its debugging protocol. */
async function startChromium(chromium: string, stack: AsyncDisposableStack): Promise<string> {
  const profile = await mkdtemp(path.join(tmpdir(), 'toolbelt-chromium-'));
  // Its children write for a moment longer.
  stack.defer(() => rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const child = spawn(chromium, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  stack.defer(async () => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });
  for (let tries = 0; tries < 200; tries += 1) {
    const [port, place] = (await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '')).split(
      '\n',
    );
    if (port && place) return `ws://127.0.0.1:${port}${place}`;
    await sleep(100);
  }
  throw new Error('Chromium did not open its debugging port');
}
