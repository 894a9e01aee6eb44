import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { ChromiumPage } from '../../fixtures/chromium-page.ts';
import type { N8nAccess } from './n8n-api.ts';

const MAX_BYTES = 300_000;
/** With UPDATE_SCREENSHOTS=1 the screenshots of the documentation are taken again. */
const pictures = process.env['UPDATE_SCREENSHOTS'] === '1' && path.resolve(import.meta.dirname, '../../../docs/images');

/** Whether something still moves or fades. Spinners never end. */
const isMoving = `document.getAnimations().some(({ playState, effect }) =>
  playState === 'running' && effect.getComputedTiming().iterations !== Infinity)`;

/** An element of n8n's editor, by the name that n8n's own tests use. */
export const seen = (testId: string) => `document.querySelector('[data-test-id="${testId}"]')`;

/** n8n's editor in a separate Chromium, as its owner sees it. */
export class EditorPage implements AsyncDisposable {
  readonly page: ChromiumPage;
  readonly #url: string;

  private constructor(page: ChromiumPage, url: string) {
    this.page = page;
    this.#url = url;
  }

  static async open(chromium: string, { url, cookie, browserId }: N8nAccess): Promise<EditorPage> {
    const [name, value] = cookie.split('=') as [string, string];
    const page = await ChromiumPage.open(chromium, {
      width: 1600,
      height: 900,
      cookie: { name, value, url },
      localStorage: { 'n8n-browserId': browserId },
    });
    return new EditorPage(page, url);
  }

  async goto(place: string): Promise<void> {
    await this.page.goto(this.#url + place);
  }

  /** Opens a node of the current workflow. */
  async openNode(name: string): Promise<void> {
    await this.page.click(`[data-test-id="canvas-node"][data-node-name="${name}"]`, 2);
    await this.page.until(seen('ndv'));
  }

  async closeNode(): Promise<void> {
    const names = ['back-to-canvas', 'ndv-close-button', 'close-ndv-button'];
    await this.page.click(names.map((name) => `[data-test-id="${name}"]`).join(', '));
    await this.page.until(`!${seen('ndv')}`);
  }

  /** Clicks the element with exactly this text. */
  async clickText(text: string): Promise<void> {
    const found = `[...document.querySelectorAll('span, a, button')].find((e) => e.innerText.trim() === ${JSON.stringify(text)})`;
    await this.page.until(found);
    await this.page.evaluate(`void ${found}.click()`);
  }

  /** Runs the open node. */
  async execute(): Promise<void> {
    await this.page.click('[data-test-id="node-execute-button"]');
  }

  /** Waits for a text anywhere. */
  async shows(text: string): Promise<void> {
    await this.page.until(`document.body?.innerText.includes(${JSON.stringify(text)})`);
  }

  text(): Promise<string> {
    return this.page.evaluate<string>('document.body.innerText');
  }

  /** The hints above the output of the open node. The output itself may have the same texts, a moment later. */
  hints(): Promise<string[]> {
    return this.page.evaluate<string[]>(
      `[...document.querySelectorAll('[data-test-id="output-panel"] [data-test-id="node-hint"]')].map((e) => e.innerText)`,
    );
  }

  /** Takes a screenshot for the documentation. */
  async picture(name: string): Promise<void> {
    await this.page.until(`!document.body.innerText.includes('Loading fields')`);
    // A message slides in, and the label of a button fades.
    await this.page.until(`!(${isMoving})`);
    const png = await this.page.screenshot();
    expect(png.byteLength).toBeLessThan(MAX_BYTES);
    if (pictures === false) return;
    await mkdir(pictures, { recursive: true });
    await writeFile(path.join(pictures, `${name}.png`), png);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.page[Symbol.asyncDispose]();
  }
}
