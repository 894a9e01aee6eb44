import { writeFile } from 'node:fs/promises';
import { startLlama } from '@ollama-toolbelt/ollama-server';
import { expect, inject, test } from 'vitest';
import { startNpmRegistry } from '../fixtures/npm-registry.ts';
import { recordTerminal } from '../fixtures/terminal/record-terminal.ts';
import { screenText, terminalFrames } from '../fixtures/terminal/terminal-frames.ts';
import { terminalSvg } from '../fixtures/terminal/terminal-svg.ts';
import { configure } from './agents/configure.ts';
import { hostsUnderTest } from './agents/hosts-under-test.ts';
import { HostHome } from './machine/host-home.ts';
import { recordingServer } from './machine/recording-server.ts';
import type { ModelOutput, ModelRequest } from './model/dialect.ts';
import { startModelEndpoint } from './model/endpoint.ts';

const codex = inject('installed').npm;
const host = hostsUnderTest.find(({ title }) => title === 'Codex')!;
const question = 'Which local models are there? Ask one why the sky is blue.';
const size = { columns: 100, rows: 24 };

/** The agent's own model: it lists local models, asks one, and passes on its answer. */
function agent(requests: readonly ModelRequest[]): ModelOutput {
  const { tools = [], called = [], toolResults = [] } = requests.at(-1) ?? {};
  const id = `call_${requests.length}`;
  const tool = (name: string) => tools.find((one) => one.endsWith(name)) ?? name;
  if (called.length === 0) return { id, tool: tool('ollama_list_models'), arguments: {} };
  if (called.length === 1) {
    const messages = [{ role: 'user', content: 'Why is the sky blue?' }];
    return { id, tool: tool('ollama_chat'), arguments: { model: 'pocket', messages, options: { temperature: 0 } } };
  }
  const [, text] = /"text":"(.*?)"/.exec(JSON.stringify(toolResults.at(-1)).replaceAll('\\"', '"')) ?? [];
  return { id, text: `There are three. pocket says: ${text}` };
}

/** A real Codex, our packed server and a real small model. Only the model of Codex is scripted. */
test.skipIf('missing' in codex || process.platform !== 'linux')(
  'an agent at work in a terminal',
  async () => {
    await using stack = new AsyncDisposableStack();
    const ollama = stack.use(await startLlama());
    const model = stack.use(await startModelEndpoint(agent));
    const home = stack.use(await HostHome.create(stack.use(await startNpmRegistry(await recordingServer())).url));
    const env: Record<string, string | undefined> = home.environment(host.env?.(model.url));
    env['PATH'] = `${'bin' in codex ? codex.bin : ''}:${env['PATH']}`;
    await home.write(host.file, host.settings(model.url));
    await configure(host, { home, env: env as Record<string, string>, ollama: ollama.host });

    const recording = await recordTerminal(['codex', 'exec', '--skip-git-repo-check', question], {
      ...size,
      cwd: home.project,
      env: { ...env, NO_COLOR: undefined },
      typed: `codex exec "${question}"`,
      timeoutMs: 45_000,
    });
    // The folder of this run is of no use to a reader.
    const pieces = recording.pieces.map((piece) => ({
      ...piece,
      text: piece.text.replaceAll(home.project, '~/project'),
    }));
    const frames = await terminalFrames(
      { ...recording, pieces },
      { lineMs: 70, shortestMs: 60, longestMs: 1500, lastMs: 8000 },
    );
    const screen = screenText(frames.at(-1)!);
    expect(frames.map(screenText).join('')).not.toContain(home.folder);
    expect(screen).toMatch(/ollama_list_models.*completed/);
    expect(screen).toMatch(/ollama_chat.*completed/);
    expect(screen).toContain('pocket says: The sky is blue because air scatters blue light');
    if (!process.env['UPDATE_SCREENSHOTS']) return;
    const picture = terminalSvg(frames, {
      ...size,
      title: 'Codex with the MCP server of Ollama Toolbelt',
      description: 'An agent lists the local models, asks one of them a question, and passes its answer on.',
    });
    await writeFile(new URL('../../docs/images/agent.svg', import.meta.url), picture);
  },
  120_000,
);
