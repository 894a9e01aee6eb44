import { setTimeout as sleep } from 'node:timers/promises';
import { gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startNpmRegistry } from '../fixtures/npm-registry.ts';
import type { Agent, HostUnderTest } from './agents/agent.ts';
import { configure, setUp } from './agents/configure.ts';
import { hostsUnderTest } from './agents/hosts-under-test.ts';
import { HostHome } from './machine/host-home.ts';
import { recordingServer } from './machine/recording-server.ts';
import { type ModelEndpoint, startModelEndpoint } from './model/endpoint.ts';
import { order } from './model/orders.ts';

const installed = inject('installed');

const hello = (content: string, model = 'chat-model') =>
  order('ollama_chat', { model, messages: [{ role: 'user', content }] });

/** Libraries have no settings files: each program chooses where to read them. */
const isHost = ({ from }: HostUnderTest) => from !== 'libraries';

const cancelling = {
  call: 'closes the connection to Ollama',
  nothing: 'does not reach the server, the end of the host does',
  host: 'ends the host, which closes the connection to Ollama',
} as const;

describe.for(hostsUnderTest)('$title', (host) => {
  const found = installed[host.from];
  if ('missing' in found) {
    test.skip('is not installed', () => {});
    return;
  }

  let stack: AsyncDisposableStack;
  let ollama: ScriptedServer;
  let model: ModelEndpoint;
  let home: HostHome;
  let env: Record<string, string>;
  let agent: Agent;
  let start: () => Promise<Agent>;

  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    ollama = stack.use(await startScripted());
    model = stack.use(await startModelEndpoint());
    home = stack.use(await HostHome.create(stack.use(await startNpmRegistry(await recordingServer())).url));
    env = home.environment(host.env?.(model.url));
    env['PATH'] = `${found.bin}:${env['PATH']}`;
    await home.write(host.file, host.settings(model.url));
    const machine = { home, env, ollama: ollama.host };
    await configure(host, machine);
    // The host itself has written the same entry as setup would. Then the host starts the entry from setup.
    if (isHost(host)) expect(await setUp(host, machine)).toContain('is set up already');
    start = () => host.start({ home, env, modelUrl: model.url });
    agent = await start();
    stack.defer(() => agent[Symbol.asyncDispose]());
  });
  afterAll(() => stack?.disposeAsync());

  /** All messages between the host and our server. */
  const traffic = async () => (await home.recordedMessages()).flat();

  /** The last tool result that its model received. */
  const toolResult = () =>
    JSON.stringify(model.asked.findLast(({ prompt }) => prompt.includes('CALL'))?.toolResults.at(-1));

  /** How many requests for the list of tools were answered. */
  const listings = async () =>
    (await traffic()).filter(({ message }) => Array.isArray(message.result?.['tools'])).length;

  /** Some hosts only connect at the first prompt. */
  async function hasTools(before = 0): Promise<void> {
    await agent.say('Hello');
    await expect.poll(listings, { timeout: 20_000 }).toBeGreaterThan(before);
  }

  /** For a host that may lose the servers' tools after a turn. */
  async function startAgain(): Promise<void> {
    await agent[Symbol.asyncDispose]();
    const before = await listings();
    agent = await start();
    await hasTools(before);
  }

  test('connects, and lists our tools', async () => {
    await hasTools();
    const tools = (await traffic()).flatMap(({ message }) => message.result?.['tools'] ?? []);
    expect(JSON.stringify(tools)).toContain('ollama_list_models');
    const first = (await traffic()).find(({ from }) => from === 'host')?.message.params;
    const meta = first?.['_meta'] as Record<string, unknown> | undefined;
    expect(first?.['protocolVersion'] ?? meta?.['io.modelcontextprotocol/protocolVersion']).toBe(host.revision);
  });

  test('calls a tool, and passes the answer to its model', async () => {
    ollama.chat({ text: ['Hel', 'lo from Ollama'] });
    await agent.say(hello('Hi'));
    expect(ollama.requestsTo('/api/chat')).toHaveLength(1);
    expect(toolResult()).toContain('Hello from Ollama');
    const [structure, text] = [/done_reason/.test(toolResult()), /prompt_tokens 12/.test(toolResult())];
    expect(structure && text ? 'both' : structure ? 'structure' : 'text').toBe(host.sees);
  });

  test('shows an error, and what to do about it', async () => {
    if (host.losesTools) await startAgain();
    await agent.say(hello('Hi', 'no-such-model'));
    expect(toolResult()).toContain('ollama pull no-such-model');
    if (!host.hidesResults) expect(agent.shown()).toContain('ollama pull no-such-model');
  });

  test(`cancel ${cancelling[host.cancels]}`, async () => {
    if (host.losesTools) await startAgain();
    const stop = gate();
    ollama.chat({ text: ['Hel', stop, 'lo'] });
    const turn = agent.say(hello('Wait'));
    await stop.reached;
    await agent.cancel();
    const closed = ollama.lastRequest.closed;
    if (host.cancels === 'nothing') {
      // Long enough: other hosts take less than 100 ms.
      expect(await Promise.race([closed, sleep(1500, 'open')])).toBe('open');
      await turn.catch(() => {});
      await agent[Symbol.asyncDispose]();
    }
    expect(await Promise.race([closed, sleep(5000, 'open')])).toBe('aborted');
    await turn.catch(() => {});
    const sent = (await traffic()).some(({ message }) => message.method === 'notifications/cancelled');
    expect(sent).toBe(host.cancels === 'call');
  });

  test.runIf(host.config === 'codex')('has the tools in its first turn, even if setup had to use npx', async () => {
    await agent[Symbol.asyncDispose]();
    const noCommand = { ...env, PATH: env['PATH']?.replace(`${home.folder}/npm-global/bin:`, '') ?? '' };
    await setUp(host, { home, env: noCommand, ollama: ollama.host });
    expect(await home.read(host.file)).toMatch(/command = "npx"[\s\S]*required = true/);
    agent = await start();
    ollama.chat({ text: ['Hello by npx'] });
    await agent.say(hello('Hi'));
    expect(toolResult()).toContain('Hello by npx');
  });

  test.runIf(process.platform === 'linux')('leaves no server behind', async () => {
    await agent[Symbol.asyncDispose]();
    await expect
      .poll(async () => (await home.processes()).filter((command) => /ollama-toolbelt-mcp|mcp-server/.test(command)), {
        timeout: 10_000,
      })
      .toEqual([]);
  });
});
