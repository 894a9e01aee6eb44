import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { freePort } from '../fixtures/free-port.ts';
import { call, hello } from '../fixtures/mcp/connect.ts';
import { runCli } from '../fixtures/mcp/run-cli.ts';
import { connectHttp, startHttp } from '../fixtures/mcp-http/http-process.ts';
import { startNpmRegistry } from '../fixtures/npm-registry.ts';
import type { Source } from './hosts-setup.ts';
import { HostHome } from './machine/host-home.ts';
import { recordingServer } from './machine/recording-server.ts';

const run = promisify(execFile);
const installed = inject('installed');

/** Programs between hosts and servers, or that call tools without a model. */
describe('bridges', () => {
  let stack: AsyncDisposableStack;
  let ollama: ScriptedServer;
  let home: HostHome;

  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    ollama = stack.use(await startScripted());
    home = stack.use(await HostHome.create(stack.use(await startNpmRegistry(await recordingServer())).url));
    const { stdout } = await runCli(['--print-config', 'claude-desktop', '--host', ollama.host]);
    await home.write('mcp.json', stdout);
  });
  afterEach(() => stack.disposeAsync());

  const environment = (source: Source) => {
    const found = installed[source];
    const env = home.environment();
    return 'bin' in found ? { ...env, PATH: `${found.bin}:${env['PATH']}` } : env;
  };

  /** Starts a program that listens on a port until the end of the test. */
  function serving(source: Source, command: string, args: readonly string[]) {
    spawn(command, [...args], { cwd: home.project, env: environment(source), stdio: 'ignore', detached: true });
  }

  /** Lists, calls, fails and cancels through a connected client. */
  async function goesThrough(client: Client): Promise<void> {
    expect((await client.listTools()).tools).toHaveLength(8);
    ollama.chat({ text: ['Hel', 'lo'] });
    expect(await call({ client }, 'ollama_chat', hello)).toMatchObject({ text: expect.stringContaining('Hello') });
    const failed = await call({ client }, 'ollama_chat', { ...hello, model: 'no-such-model' });
    expect(failed).toMatchObject({ isError: true, text: expect.stringContaining('ollama pull no-such-model') });
    const stop = gate();
    ollama.chat({ text: ['Hel', stop, 'lo'] });
    const leaving = new AbortController();
    const cancelled = call({ client }, 'ollama_chat', hello, { signal: leaving.signal });
    await stop.reached;
    leaving.abort();
    await expect(cancelled).rejects.toThrow();
    expect(await ollama.lastRequest.closed).toBe('aborted');
  }

  test.skipIf('missing' in installed.npm)('mcp-remote passes everything to the server over HTTP', async () => {
    await using server = await startHttp({ host: ollama.host, args: ['--http-sessions'] });
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(
      new StdioClientTransport({
        command: 'mcp-remote',
        args: [server.url, '--allow-http'],
        env: environment('npm'),
        stderr: 'ignore',
      }),
    );
    try {
      await goesThrough(client);
    } finally {
      await client.close();
    }
  });

  test.skipIf('missing' in installed.npm)('supergateway passes everything to the server over stdio', async () => {
    const port = await freePort();
    const command = `npx -y @ollama-toolbelt/mcp-server --host ${ollama.host}`;
    serving('npm', 'supergateway', [
      '--stdio',
      command,
      '--outputTransport',
      'streamableHttp',
      '--stateful',
      '--port',
      `${port}`,
    ]);
    const url = `http://127.0.0.1:${port}/mcp`;
    await expect.poll(() => answers(url), { timeout: 20_000 }).toBe(true);
    await using connection = await connectHttp(url);
    await goesThrough(connection.client);
  });

  test.skipIf('missing' in installed.mcpo)('mcpo offers the tools as an HTTP API', async () => {
    const port = await freePort();
    serving('mcpo', 'mcpo', ['--host', '127.0.0.1', '--port', `${port}`, '--config', `${home.folder}/mcp.json`]);
    const base = `http://127.0.0.1:${port}/ollama`;
    await expect.poll(() => answers(`${base}/openapi.json`), { timeout: 30_000 }).toBe(true);
    const { paths } = (await (await fetch(`${base}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(paths)).toHaveLength(8);
    const post = (body: object, signal?: AbortSignal) =>
      fetch(`${base}/ollama_chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        ...(signal && { signal }),
      });
    ollama.chat({ text: ['Hel', 'lo'] });
    expect(await (await post(hello)).text()).toContain('Hello');
    expect(await (await post({ ...hello, model: 'no-such-model' })).text()).toContain('ollama pull no-such-model');
  });

  test.skipIf('missing' in installed.npm)('the Inspector lists and calls', async () => {
    const inspect = async (...args: string[]) =>
      (
        await run('mcp-inspector', ['--cli', '--config', `${home.folder}/mcp.json`, '--server', 'ollama', ...args], {
          cwd: home.project,
          env: environment('npm'),
          timeout: 50_000,
        })
      ).stdout;
    expect(await inspect('--method', 'tools/list')).toContain('ollama_chat');
    const chat = ['--method', 'tools/call', '--tool-name', 'ollama_generate', '--tool-arg', 'prompt=Hi', '--tool-arg'];
    ollama.generate({ text: ['Hello'] });
    expect(await inspect(...chat, 'model=chat-model')).toContain('Hello');
  });
});

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    async (response) => {
      await response.body?.cancel();
      return ![404, 503].includes(response.status);
    },
    () => false,
  );
}
