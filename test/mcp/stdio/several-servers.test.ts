/** Several Ollama servers behind one MCP server: routing, and messages about each. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { failWith, gate, type ScriptedServer, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { createHandler } from '../../../packages/mcp-server/src/handler.ts';
import { folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { call, connect, nowhere } from '../../fixtures/mcp/connect.ts';
import { startRaw } from '../../fixtures/mcp/raw-process.ts';
import { runCli } from '../../fixtures/mcp/run-cli.ts';

const withModels = (...names: string[]) => startScripted({ models: names.map((name) => scriptedModel({ name })) });

const embedder = scriptedModel({ name: 'embedder', capabilities: ['embedding'] });

interface Two extends AsyncDisposable {
  gpu: ScriptedServer;
  laptop: ScriptedServer;
  /** The value of `--host` for both. */
  hosts: string;
}

/** Both servers have the model `both`; each other model is on one of them. */
async function twoServers(): Promise<Two> {
  const gpu = await withModels('both', 'large', 'alice/tuned', 'hf.co/owner/name:Q4_K_M');
  const laptop = await withModels('both', 'small');
  laptop.models.push(embedder);
  return {
    gpu,
    laptop,
    hosts: `gpu=${gpu.host},laptop=${laptop.host}`,
    async [Symbol.asyncDispose]() {
      await gpu.close();
      await laptop.close();
    },
  };
}

const connectTo = (hosts: string, ...args: string[]) => connect({ host: nowhere, args: ['--host', hosts, ...args] });

const ask = (model: string) => ({ model, messages: [{ role: 'user', content: 'Hi' }] });

/** The models that each server was asked for on a path. */
const asked = ({ gpu, laptop }: Two, path = '/api/chat') =>
  [gpu, laptop].map((server) => server.requestsTo(path).map(({ body }) => body['model'] ?? body['name']));

const everything = ['--toolsets', 'inference,models,manage,web'];

describe('a call goes to', () => {
  test.each([
    ['the server before its name', 'laptop/both', [[], ['both']], 'laptop/both'],
    ['whatever its case', 'GPU/both:latest', [['both:latest'], []], 'gpu/both:latest'],
    ['the only server that has it', 'small', [[], ['small']], 'laptop/small'],
    ['the first that has it installed', 'both', [['both'], []], 'gpu/both'],
    ['the one that has a model of an account', 'alice/tuned', [['alice/tuned'], []], 'gpu/alice/tuned'],
    ['or of another registry', 'hf.co/owner/name:Q4_K_M', [['hf.co/owner/name:Q4_K_M'], []], undefined],
    ['also with the server before it', 'gpu/hf.co/owner/name:Q4_K_M', [['hf.co/owner/name:Q4_K_M'], []], undefined],
    ['or by the long name of the library', 'library/small', [[], ['library/small']], 'laptop/library/small'],
    ['or by the longest', 'registry.ollama.ai/library/small', [[], ['registry.ollama.ai/library/small']], undefined],
  ])('%s', async (_, model, expected, shown) => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts);
    const { isError, structured } = await call(connection, 'ollama_chat', ask(model));
    expect(isError).toBe(false);
    expect(asked(two)).toEqual(expected);
    if (shown !== undefined) expect(structured).toMatchObject({ model: shown });
  });

  test('the first server that has it loaded, rather than one that has it installed', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts);
    await call(connection, 'ollama_chat', ask('laptop/both'));
    const { structured } = await call(connection, 'ollama_chat', ask('both'));
    expect(structured).toMatchObject({ model: 'laptop/both' });
    expect(asked(two)).toEqual([[], ['both', 'both']]);
  });

  test('the server of the default model, which may include a server name', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts, '--model', 'laptop/both');
    await call(connection, 'ollama_chat', { messages: [{ role: 'user', content: 'Hi' }] });
    expect(asked(two)).toEqual([[], ['both']]);
  });

  test('the same server for all prompts of a call, and each answer names it', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts);
    const args = { model: 'small', prompts: ['one', 'two'] };
    const { structured } = await call(connection, 'ollama_generate', args);
    expect(structured?.['answers']).toMatchObject([{ model: 'laptop/small' }, { model: 'laptop/small' }]);
  });
});

test('one answer for each file comes from the server of the model', async () => {
  using folder = await folderWith({ 'a.md': 'one', 'b.md': 'two' });
  await using two = await twoServers();
  await using connection = await connectTo(two.hosts, '--allow-dir', folder.path, '--allow-write', folder.path);
  const args = { model: 'laptop/both', prompt: 'Sum up.', files: ['*.md'], for_each: 'file' };
  const { structured } = await call(connection, 'ollama_generate', args);
  expect(structured).toMatchObject({ model: 'laptop/both', answers: [{ file: 'a.md' }, { file: 'b.md' }] });
  const written = await call(connection, 'ollama_generate', { ...args, output: 'out.jsonl' });
  expect(written.structured).toMatchObject({ model: 'laptop/both', output: { answered: 2 } });
  const lines = (await readFile(join(folder.path, 'out.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { file: 'a.md', model: 'laptop/both' },
    { file: 'b.md', model: 'laptop/both' },
  ]);
  expect(asked(two, '/api/generate')).toEqual([[], ['both', 'both', 'both', 'both']]);
});

test('kept embeddings name their server', async () => {
  await using two = await twoServers();
  await using connection = await connectTo(two.hosts);
  const { structured } = await call(connection, 'ollama_embed', { model: 'embedder', input: ['x'] });
  expect(structured).toMatchObject({ model: 'laptop/embedder' });
  const { contents } = await connection.client.readResource({ uri: String(structured?.['resource']) });
  expect(JSON.parse(String((contents[0] as { text: string }).text))).toMatchObject({ model: 'laptop/embedder' });
});

test('vectors of files belong to the model, on any server', async () => {
  using folder = await folderWith({ 'a.md': 'one', 'b.md': 'two' });
  using cache = await folderWith({});
  await using two = await twoServers();
  two.gpu.models.push(embedder);
  await using connection = await connect({
    host: nowhere,
    args: ['--host', two.hosts, '--allow-dir', folder.path, '--cache-dir', cache.path],
    env: { OLLAMA_MCP_CACHE_MB: '' },
  });
  for (const model of ['gpu/embedder', 'laptop/embedder']) {
    const { structured, text } = await call(connection, 'ollama_rank', { model, query: 'q', files: ['*.md'] });
    expect(structured, text).toMatchObject({ model, candidates: 2 });
  }
  const sent = [two.gpu, two.laptop].map((server) => server.requestsTo('/api/embed').map(({ body }) => body['input']));
  expect(sent).toEqual([[['q'], ['one', 'two']], [['q']]]);
});

test('status uses the same model names as the list', async () => {
  await using two = await twoServers();
  await using connection = await connectTo(two.hosts);
  await call(connection, 'ollama_chat', ask('small'));
  const { structured, text } = await call(connection, 'ollama_status');
  expect(structured?.['servers']).toMatchObject([{ loaded: [] }, { loaded: [{ name: 'laptop/small:latest' }] }]);
  expect(text).toContain('laptop: laptop/small:latest is loaded');
});

test('embeddings and ranking go to the server of the model', async () => {
  await using two = await twoServers();
  await using connection = await connectTo(two.hosts);
  const embedded = await call(connection, 'ollama_embed', { model: 'embedder', input: ['a'] });
  expect(embedded.structured).toMatchObject({ model: 'laptop/embedder', count: 1 });
  const ranked = await call(connection, 'ollama_rank', {
    model: 'laptop/embedder',
    query: 'a',
    candidates: ['a', 'b'],
  });
  expect(ranked.text).toMatch(/^2 of 2 by laptop\/embedder/);
  expect(asked(two, '/api/embed')).toEqual([[], ['embedder', 'embedder']]);
});

describe('a conversation', () => {
  const say = (content: string, more: object) => ({ messages: [{ role: 'user', content }], ...more });

  test('stays on its server, even if another one has the model loaded', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts, ...everything);
    const begun = await call(connection, 'ollama_chat', { ...ask('laptop/both'), conversation: 'new' });
    const conversation = begun.structured?.['conversation'];
    await call(connection, 'ollama_chat', ask('gpu/both'));
    await call(connection, 'ollama_unload_model', { model: 'laptop/both' });
    const { structured } = await call(connection, 'ollama_chat', say('More', { model: 'both', conversation }));
    expect(structured).toMatchObject({ model: 'laptop/both', conversation });
    expect(two.laptop.lastRequest.body['messages']).toHaveLength(3);
  });

  test('moves with its history and its tools, if another server is named', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts);
    const tools = [
      { type: 'function', function: { name: 'look', description: 'Looks', parameters: { type: 'object' } } },
    ];
    const begun = await call(connection, 'ollama_chat', { ...ask('laptop/both'), tools, conversation: 'new' });
    const conversation = begun.structured?.['conversation'];
    await call(connection, 'ollama_chat', say('More', { model: 'gpu/both', conversation }));
    expect(two.gpu.lastRequest.body).toMatchObject({ model: 'both', messages: { length: 3 }, tools: { length: 1 } });
    await call(connection, 'ollama_chat', say('And more', { model: 'both', conversation }));
    expect(two.gpu.lastRequest.body).toMatchObject({ messages: { length: 5 } });
  });

  test('continues elsewhere if its server is down', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts);
    const begun = await call(connection, 'ollama_chat', { ...ask('laptop/both'), conversation: 'new' });
    await two.laptop.refuse();
    const { conversation } = begun.structured ?? {};
    const { structured } = await call(connection, 'ollama_chat', say('More', { model: 'both', conversation }));
    expect(structured).toMatchObject({ model: 'gpu/both' });
  });
});

test('a server that does not list loaded models, such as the cloud, is used like any other', async () => {
  await using two = await twoServers();
  two.laptop.always.on('GET /api/ps', failWith(404, 'not found'));
  await using connection = await connectTo(two.hosts);
  const { structured, text } = await call(connection, 'ollama_list_models');
  expect(structured?.['unreachable']).toBeUndefined();
  expect(text).toContain('laptop/small:latest');
  expect((await call(connection, 'ollama_status')).text).toContain('laptop: No model is loaded.');
  expect((await call(connection, 'ollama_chat', ask('small'))).structured).toMatchObject({ model: 'laptop/small' });
});

describe('a server that is down', () => {
  test('is reported in the list and the status, together with the other servers', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(`off=${nowhere},${two.hosts}`);
    const { isError, structured, text } = await call(connection, 'ollama_list_models');
    expect(isError).toBe(false);
    const names = ((structured?.['models'] ?? []) as { name: string }[]).map(({ name }) => name);
    expect(names).toContain('gpu/large:latest');
    expect(names).toContain('laptop/small:latest');
    expect(structured?.['unreachable']).toMatchObject([{ server: 'off', problem: expect.stringContaining(nowhere) }]);
    expect(text).toMatch(/^gpu\/both:latest, .*\n[\s\S]*^off: not reachable: .*ECONNREFUSED/m);

    const status = await call(connection, 'ollama_status');
    expect(status.isError).toBe(false);
    expect(status.structured?.['servers']).toMatchObject([
      { server: 'off', url: nowhere, reachable: false, hint: expect.stringContaining('--host') },
      { server: 'gpu', url: two.gpu.host, reachable: true, models: 4 },
      { server: 'laptop', url: two.laptop.host, reachable: true, models: 3 },
    ]);
    expect(status.text).toContain(`laptop: Ollama 0.33`);
  });

  test('is skipped, and used again if it is back and the only one with the model', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts);
    await two.gpu.refuse();
    const skipped = await call(connection, 'ollama_chat', ask('both'));
    expect(skipped.structured).toMatchObject({ model: 'laptop/both' });
    const before = two.laptop.requests.length;
    await call(connection, 'ollama_chat', ask('both'));
    expect(two.laptop.requests.length).toBeGreaterThan(before);
    await two.gpu.accept();
    const { structured } = await call(connection, 'ollama_chat', ask('large'));
    expect(structured).toMatchObject({ model: 'gpu/large' });
  });

  test('is named in the error if it was requested, with the setting to change', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(`off=${nowhere},${two.hosts}`);
    const { isError, text } = await call(connection, 'ollama_chat', ask('off/both'));
    expect(isError).toBe(true);
    expect(text).toMatch(/^off: Cannot connect to Ollama: connection refused .*127\.0\.0\.1:9/);
    expect(text).toContain('set --host in the entry of this server');
  });

  test('is named in the error for a model that it may have', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts);
    await two.gpu.refuse();
    const { isError, text } = await call(connection, 'ollama_chat', ask('large'));
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/^laptop: [\s\S]*\. Could not be asked: gpu\. To install/),
    ]);
  });

  test('if all are down, calls, the list and the status say so', async () => {
    await using connection = await connectTo(`a=${nowhere},b=${nowhere}`);
    const { isError, text } = await call(connection, 'ollama_chat', ask('both'));
    expect([isError, text]).toEqual([true, expect.stringContaining('None of the Ollama servers can be reached.')]);
    for (const tool of ['ollama_list_models', 'ollama_status']) {
      const { isError, text } = await call(connection, tool);
      expect([isError, text]).toEqual([true, expect.stringMatching(/^a: [\s\S]*^b: /m)]);
      expect(text).not.toContain('No models are installed');
    }
  });
});

describe('errors', () => {
  test.each([
    ['larg', 'gpu/large:latest'],
    ['laptop/large', 'gpu/large:latest'],
    ['laptob/small', 'laptop/small:latest'],
  ])('for %s list the closest names on all servers', async (model, near) => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts);
    const { isError, text } = await call(connection, 'ollama_chat', ask(model));
    expect(isError).toBe(true);
    expect(text).toMatch(/^(gpu|laptop): /);
    expect(text).toContain(near);
  });

  test('one of several prompts names its server too', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts);
    two.laptop.generate({ text: ['one'], failure: 'broken' });
    const { structured } = await call(connection, 'ollama_generate', { model: 'small', prompts: ['one', 'two'] });
    const errors = ((structured?.['answers'] ?? []) as { error?: string }[]).flatMap(({ error }) => error ?? []);
    expect(errors).toEqual([expect.stringMatching(/^laptop: /)]);
  });

  test('a failed job names its server', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts);
    const stall = gate();
    two.laptop.chat({ text: ['one', stall, 'two'], failure: 'broken' });
    const begun = await call(connection, 'ollama_chat', { ...ask('small'), _wait_ms: 1 });
    const { job } = begun.structured ?? {};
    const soFar = async () => (await call(connection, 'ollama_job', { job, action: 'read' })).structured;
    await expect.poll(soFar).toMatchObject({ model: 'laptop/small', text: 'one', partial: true });
    // A running job shows its server.
    expect((await call(connection, 'ollama_status')).text).toMatch(/\(ollama_chat, small\): running, laptop: 1 token/);
    stall.release();
    const { text, isError } = await call(connection, 'ollama_job', { job, action: 'wait' });
    expect([isError, text]).toEqual([true, expect.stringMatching(/^laptop: .*broken/)]);
  });
});

describe('tools that change a server', () => {
  test.each([
    ['ollama_pull_model', { model: 'laptop/new' }, '/api/pull', [[], ['new']]],
    ['ollama_pull_model', { model: 'new' }, '/api/pull', [['new'], []]],
    ['ollama_load_model', { model: 'small' }, '/api/generate', [[], ['small']]],
    ['ollama_unload_model', { model: 'laptop/both' }, '/api/generate', [[], ['both']]],
    ['ollama_show_model', { model: 'small' }, '/api/show', [[], ['small']]],
    ['ollama_create_model', { model: 'mine', from: 'small' }, '/api/create', [[], ['mine']]],
    ['ollama_create_model', { model: 'laptop/mine', from: 'both' }, '/api/create', [[], ['mine']]],
    ['ollama_create_model', { model: 'mine', modelfile: 'FROM small\nSYSTEM Hi' }, '/api/create', [[], ['mine']]],
    ['ollama_create_model', { model: 'mine', modelfile: 'from "laptop/both"' }, '/api/create', [[], ['mine']]],
    ['ollama_create_model', { model: 'laptop/mine', modelfile: 'FROM both' }, '/api/create', [[], ['mine']]],
  ])('%s %j', async (tool, args, path, expected) => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts, ...everything);
    for (const server of [two.gpu, two.laptop]) server.always.pull(['success']);
    const { isError, structured } = await call(connection, tool, args);
    expect(isError).toBe(false);
    expect(asked(two, path)).toEqual(expected);
    expect(structured?.['model']).toMatch(/^(gpu|laptop)\//);
  });

  test('a model is created from one on its server, by the name there', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts, ...everything);
    for (const more of [{ from: 'laptop/both' }, { modelfile: 'FROM laptop/both\nSYSTEM Hi' }]) {
      await call(connection, 'ollama_create_model', { model: 'mine', confirm: 'laptop/mine', ...more });
      expect(two.laptop.lastRequest.body).toMatchObject({ model: 'mine', from: 'both' });
    }
    const across = { model: 'laptop/mine', modelfile: 'FROM gpu/large' };
    const { isError, text } = await call(connection, 'ollama_create_model', across);
    expect([isError, text]).toEqual([true, expect.stringContaining('are on different servers')]);
    const broken = await call(connection, 'ollama_create_model', { model: 'mine', modelfile: 'FROM' });
    expect(broken.isError).toBe(true);
  });

  test('a copy stays on its server', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts, ...everything);
    const copied = await call(connection, 'ollama_copy_model', { source: 'both', destination: 'laptop/mine' });
    expect(copied.structured).toEqual({ source: 'laptop/both', destination: 'laptop/mine', copied: true });
    expect(two.laptop.lastRequest.body).toEqual({ source: 'both', destination: 'mine' });
    const across = { source: 'gpu/large', destination: 'laptop/large' };
    const { isError, text } = await call(connection, 'ollama_copy_model', across);
    expect([isError, text]).toEqual([true, expect.stringContaining('are on different servers')]);
  });

  test('for deletion, the question and confirm name the server', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(two.hosts, ...everything);
    const first = await call(connection, 'ollama_delete_model', { model: 'both', confirm: 'both' });
    expect(first.text).toContain('On the server gpu: Delete the model "both:latest" (2.0 GB)');
    expect(first.text).toContain('confirm: "gpu/both:latest"');
    const other = await call(connection, 'ollama_delete_model', { model: 'laptop/both', confirm: 'gpu/both' });
    expect(other.isError).toBe(true);
    expect([...two.gpu.requests, ...two.laptop.requests].some(({ method }) => method === 'DELETE')).toBe(false);
    const { structured } = await call(connection, 'ollama_delete_model', {
      model: 'laptop/both',
      confirm: 'laptop/both',
    });
    expect(structured).toEqual({ model: 'laptop/both:latest', deleted: true });
    expect(two.laptop.lastRequest.method).toBe('DELETE');
  });

  test('the question to a person names the server too', async () => {
    await using two = await twoServers();
    const options = { host: nowhere, args: ['--host', two.hosts, ...everything], capabilities: { elicitation: {} } };
    await using connection = await connect(options);
    const questions: string[] = [];
    connection.client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      questions.push(params.message);
      return { action: 'accept', content: {} };
    });
    await call(connection, 'ollama_delete_model', { model: 'small' });
    expect(questions).toEqual([expect.stringMatching(/^On the server laptop: Delete the model "small:latest"/)]);
  });
});

test('resources and completion have the models of all servers', async () => {
  await using two = await twoServers();
  await using connection = await connectTo(two.hosts);
  const { client } = connection;
  const read = async (uri: string) =>
    JSON.parse(
      (await client.readResource({ uri })).contents.map((one) => ('text' in one ? one.text : '')).join(''),
    ) as Record<string, unknown>;
  expect((await read('ollama://models'))['models']).toHaveLength(7);
  expect(await read('ollama://models/laptop%2Fsmall')).toMatchObject({ model: 'laptop/small', context: 8192 });
  expect(await read('ollama://models/small')).toMatchObject({ model: 'laptop/small' });
  await expect(read('ollama://models/laptop/nothing')).rejects.toThrow('laptop: ');
  const { completion } = await client.complete({
    ref: { type: 'ref/resource', uri: 'ollama://models/{name}' },
    argument: { name: 'name', value: 'laptop/' },
  });
  expect(completion.values).toEqual(['laptop/both:latest', 'laptop/small:latest', 'laptop/embedder:latest']);
});

test('only with several servers, hosts are told how models are named, and get extra fields', async () => {
  await using two = await twoServers();
  await using several = await connectTo(two.hosts);
  await using one = await connect({ host: two.gpu.host });
  expect(several.client.getInstructions()).toContain('before the first slash');
  expect(one.client.getInstructions()).not.toContain('slash');
  const outputs = async ({ client }: typeof one, name: string) =>
    Object.keys((await client.listTools()).tools.find((tool) => tool.name === name)?.outputSchema?.properties ?? {});
  expect(await outputs(several, 'ollama_status')).toEqual(['servers', 'jobs']);
  expect(await outputs(one, 'ollama_status')).not.toContain('servers');
  expect(await outputs(several, 'ollama_list_models')).toContain('unreachable');
  expect(await outputs(one, 'ollama_list_models')).not.toContain('unreachable');
});

describe('a single server', () => {
  test('with a name is shown without it, and accepted with it', async () => {
    await using two = await twoServers();
    await using connection = await connectTo(`gpu=${two.gpu.host}`);
    const { structured } = await call(connection, 'ollama_chat', ask('gpu/both'));
    expect(structured).toMatchObject({ model: 'both' });
    expect((await call(connection, 'ollama_list_models')).text).toMatch(/^both:latest/);
  });

  test('gets no additional requests', async () => {
    await using two = await twoServers();
    await using connection = await connect({ host: two.gpu.host });
    await call(connection, 'ollama_chat', ask('both'));
    expect(two.gpu.requests.map(({ path }) => path)).toEqual(['/api/chat']);
  });
});

test('keys and passwords are only sent to their server', async () => {
  await using two = await twoServers();
  const password = `gpu=${two.gpu.host.replace('//', '//me:sesame@')},laptop=${two.laptop.host}`;
  await using one = await startRaw({ env: { OLLAMA_MCP_HOST: password, OLLAMA_API_KEY: 'a-key-for-nobody' } });
  await one.request('tools/call', { name: 'ollama_list_models', arguments: {} });
  expect(two.gpu.lastRequest.headers.authorization).toMatch(/^Basic /);
  expect(two.laptop.lastRequest.headers.authorization).toBeUndefined();
  await using each = await startRaw({ env: { OLLAMA_MCP_HOST: two.hosts, OLLAMA_API_KEY: 'laptop=own,gpu=other' } });
  await each.request('tools/call', { name: 'ollama_list_models', arguments: {} });
  expect(two.gpu.lastRequest.headers.authorization).toBe('Bearer other');
  expect(two.laptop.lastRequest.headers.authorization).toBe('Bearer own');
});

describe('the settings', () => {
  test('OLLAMA_HOST is one address, as for Ollama itself', async () => {
    const { code, stderr } = await runCli(['--check'], { env: { OLLAMA_HOST: 'gpu=http://a,laptop=http://b' } });
    expect(code).toBe(2);
    expect(stderr).toContain('Set several in --host or OLLAMA_MCP_HOST');
  });

  test.each([
    [['--host', 'gpu=http://a,gpu=http://b'], {}, 'Two servers have the name gpu.'],
    [['--host', 'http://a,http://b'], {}, 'Each of several servers needs a name'],
    [['--host', 'gpu=a,lap=b'], { OLLAMA_API_KEY: 'gpu=k,pal=sesame' }, 'There is a key for pal'],
  ])('%j', async (args, env, words) => {
    const { code, stderr } = await runCli(args, { env });
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(stderr).not.toContain('sesame');
  });

  test('--check reports each server and unused keys, and finds the default models', async () => {
    await using two = await twoServers();
    const args = [
      '--check',
      '--host',
      `${two.hosts},off=${nowhere}`,
      '--model',
      'small',
      '--embed-model',
      'laptop/embeder',
    ];
    const { code, stdout } = await runCli(args, { env: { OLLAMA_API_KEY: 'very-secret' } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok {7}gpu: Ollama 0\.33.* answers at/m);
    expect(stdout).toMatch(/^ok {7}laptop: 3 models are installed\.$/m);
    expect(stdout).toMatch(/^problem {2}off: Ollama at http:\/\/127\.0\.0\.1:9/m);
    expect(stdout).toMatch(/^note {5}OLLAMA_API_KEY is not sent to any server\.$/m);
    expect(stdout).toMatch(/^ok {7}Default model: laptop\/small\.$/m);
    expect(stdout).toMatch(/^problem {2}Default embedding model: [\s\S]*Installed: laptop\/embedder:latest/m);
    expect(stdout).not.toContain('very-secret');
  });

  test('the flag may also be repeated; without names the last one counts', async () => {
    await using two = await twoServers();
    const flags = two.hosts.split(',').flatMap((host) => ['--host', host]);
    expect((await runCli(['--check', ...flags])).stdout).toMatch(/gpu: Ollama[\s\S]*laptop: Ollama/);
    const unnamed = await runCli(['--check', '--host', nowhere, '--host', two.gpu.host]);
    expect([unnamed.code, unnamed.stdout]).toEqual([0, expect.not.stringContaining(nowhere)]);
  });

  test('call accepts them too', async () => {
    await using two = await twoServers();
    const args = ['call', 'ollama_generate', '{"model":"small","prompt":"Hi"}', '--json', '--host', two.hosts];
    const { code, stdout } = await runCli(args);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { model: 'laptop/small' }]);
  });
});

test('in a worker, the option host lists them, as an object or as text', async () => {
  await using two = await twoServers();
  const { gpu, laptop } = two;
  for (const host of [{ gpu: gpu.host, laptop: laptop.host }, two.hosts]) {
    const handle = createHandler({ token: 't', allow: ['box'], host, apiKey: { laptop: 'own' } });
    const params = { name: 'ollama_chat', arguments: ask('small') };
    const headers = { Authorization: 'Bearer t', Host: 'box', Accept: 'application/json, text/event-stream' };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    const init = { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body };
    const response = await handle(new Request('http://box/mcp', init));
    expect(await response.text()).toContain('"model":"laptop/small"');
    expect(laptop.lastRequest.headers.authorization).toBe('Bearer own');
    expect(gpu.lastRequest.headers.authorization).toBeUndefined();
  }
  const bad = { token: 't', host: { gpu: 'a', 'my box': 'b' } };
  expect(() => createHandler(bad)).toThrow('host: my box cannot be the name of a server');
  expect(() => createHandler({ ...bad, host: 'gpu=a', apiKey: { pal: 'k' } })).toThrow('There is a key for pal');
});

test('files go to the server of the model', async () => {
  await using two = await twoServers();
  using folder = await folderWith({ 'a.txt': 'text of the file' });
  await using connection = await connectTo(two.hosts, '--allow-dir', folder.path);
  const { isError } = await call(connection, 'ollama_chat', { ...ask('small'), files: [`${folder.path}/a.txt`] });
  expect(isError).toBe(false);
  expect(JSON.stringify(two.laptop.lastRequest.body)).toContain('text of the file');
});
