import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { recordTerminal } from '../fixtures/terminal/record-terminal.ts';
import { screenText, terminalFrames } from '../fixtures/terminal/terminal-frames.ts';
import { terminalSvg } from '../fixtures/terminal/terminal-svg.ts';

const picture = new URL('../../docs/images/demo.svg', import.meta.url);
const command = 'npx -y pnpm@12 demo';
const size = { columns: 100, rows: 30 };

test.runIf(process.env['UPDATE_SCREENSHOTS'] && existsSync('/usr/bin/script'))(
  'the demo in a terminal, as a picture',
  async () => {
    const recording = await recordTerminal(command.split(' '), {
      ...size,
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { NO_COLOR: undefined, OLLAMA_HOST: undefined, FORCE_COLOR: undefined },
      typed: command,
      until: 'npx -y @ollama-toolbelt/mcp-server',
      timeoutMs: 120_000,
    });
    const frames = await terminalFrames(recording, { lineMs: 70, shortestMs: 60, longestMs: 1500, lastMs: 8000 });
    expect(screenText(frames.at(-1)!)).toContain('claude mcp add');
    const description = 'The demo lists tools and models, chats, generates JSON, ranks sentences and shows an error.';
    await writeFile(picture, terminalSvg(frames, { ...size, title: command, description }));
  },
  150_000,
);

test('the picture shows what the demo prints', async () => {
  const shown = await readFile(picture, 'utf8');
  const story = await readFile(new URL('../../demo/steps.ts', import.meta.url), 'utf8');
  const headings = [...story.matchAll(/heading\('([^']+)/g)].map(([, heading = '']) => heading);
  expect(headings.length).toBeGreaterThan(3);
  for (const heading of headings) expect(shown).toContain(heading);
});
