import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ScriptedServer, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { cli, hello } from '../../fixtures/mcp/connect.ts';
import { startHttp } from '../../fixtures/mcp-http/http-process.ts';

const inspector = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url),
);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const lacking = !existsSync(inspector)
  ? 'it is not installed'
  : major < 22 || (major === 22 && minor < 19)
    ? 'it needs Node 22.19'
    : undefined;

const everything = ['--toolsets', 'inference,models,manage,web'];
const model = 'chat-model';

/** One call of each tool. */
const calls: Record<string, object> = {
  ollama_chat: hello,
  ollama_generate: { model, prompt: 'Hi' },
  ollama_embed: { model: 'embedding-model', input: ['one', 'two'] },
  ollama_rank: { model: 'embedding-model', query: 'one', candidates: ['one', 'two'] },
  ollama_list_models: {},
  ollama_show_model: { model },
  ollama_status: {},
  ollama_pull_model: { model: 'pulled' },
  ollama_push_model: { model: 'me/pushed', confirm: 'me/pushed' },
  ollama_create_model: { model: 'created', from: model },
  ollama_copy_model: { source: model, destination: 'copied' },
  ollama_delete_model: { model: 'deleted', confirm: 'deleted' },
  ollama_load_model: { model },
  ollama_unload_model: { model },
  ollama_web_search: { query: 'llama' },
  ollama_web_fetch: { url: 'https://ollama.com' },
};

interface Inspected {
  code: number;
  stdout: string;
  stderr: string;
}

type Inspect = (...args: string[]) => Promise<Inspected>;

const run: Inspect = (...args) =>
  new Promise((resolve) => {
    execFile(process.execPath, [inspector, '--cli', ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

const startOllama = () =>
  startScripted({
    models: [
      ...[model, 'me/pushed', 'deleted'].map((name) => scriptedModel({ name })),
      scriptedModel({ name: 'embedding-model', capabilities: ['embedding'] }),
    ],
  });

const overStdio =
  ({ host }: ScriptedServer): Inspect =>
  (...args) =>
    run('-e', `OLLAMA_HOST=${host}`, ...args, '--format', 'json', '--', process.execPath, cli, ...everything);

const overHttp =
  (url: string): Inspect =>
  (...args) =>
    run(url, '--transport', 'http', ...args, '--format', 'json');

async function listed(inspect: Inspect): Promise<string[]> {
  const { code, stdout, stderr } = await inspect('--method', 'tools/list', '--strict');
  expect(code, stderr + stdout).toBe(0);
  return (JSON.parse(stdout) as { result: { tools: { name: string }[] } }).result.tools.map(({ name }) => name);
}

/** Two at a time: each is a process, and some are two. */
async function callAll(inspect: Inspect): Promise<void> {
  const rest = Object.entries(calls);
  const work = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const [name, args] = next;
      const call = ['--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args)];
      const { code, stdout, stderr } = await inspect(...call);
      expect(code, `${name}: ${stdout}${stderr}`).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ result: { structuredContent: expect.any(Object) } });
    }
  };
  await Promise.all([work(), work()]);
}

const suffix = lacking === undefined ? '' : ` (skipped: ${lacking})`;

describe.skipIf(lacking !== undefined)(`the official Inspector${suffix}`, () => {
  test('lists and calls every tool over stdio', async () => {
    await using ollama = await startOllama();
    const inspect = overStdio(ollama);
    const known = [...Object.keys(calls), 'ollama_job'].toSorted();
    expect(known, 'each tool has a call in `calls`').toEqual((await listed(inspect)).toSorted());
    await callAll(inspect);
    // Each run is a separate session, so there is no job to read.
    const job = JSON.stringify({ job: 'none', action: 'read' });
    const unknown = await inspect('--method', 'tools/call', '--tool-name', 'ollama_job', '--tool-args-json', job);
    expect([unknown.code, unknown.stdout]).toEqual([5, expect.stringContaining('"isError":true')]);
  });

  test('lists and calls every tool over HTTP', async () => {
    await using ollama = await startOllama();
    await using server = await startHttp({ host: ollama.host, args: everything });
    const inspect = overHttp(server.url);
    expect(Object.keys(calls).toSorted(), 'each tool has a call in `calls`').toEqual(
      (await listed(inspect)).toSorted(),
    );
    await callAll(inspect);
    expect(server.stderr()).toBe('');
  });

  test('reads the complete page of models', async () => {
    await using ollama = await startOllama();
    const args = ['--app-info', '--method', 'tools/call', '--tool-name', 'ollama_status'];
    const { code, stdout, stderr } = await overStdio(ollama)('--advertise-apps', ...args);
    expect(code, stderr + stdout).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      appInfo: { hasApp: true, resourceMimeType: 'text/html;profile=mcp-app', prefersBorder: true },
    });
    // It does not show pages, so it gets none unless it claims to.
    expect((await overStdio(ollama)(...args)).stderr).toContain('no_app');
  });

  test('lists every tool over HTTP with sessions', async () => {
    await using ollama = await startOllama();
    await using server = await startHttp({ host: ollama.host, args: [...everything, '--http-sessions'] });
    expect(await listed(overHttp(server.url))).toContain('ollama_job');
  });
});
