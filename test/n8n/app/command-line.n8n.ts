import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { N8nHome } from './n8n-home.ts';
import { byName, CREDENTIAL_TYPE, chain, chatParameters, ourNode, startNode } from './workflow.ts';

const n8n = inject('n8n');

const workflow = (id: string, name: string, parameters: Record<string, unknown>) =>
  chain(name, [startNode, ourNode(parameters, 'stand-in')], id);

/** Numbers, because the batch command accepts no other ids. */
const workflows = [
  workflow('101', 'Chat', chatParameters({ options: { keep_alive: '30m', temperature: 0 } })),
  workflow('102', 'Generate', { resource: 'generate', operation: 'send', model: byName('chat-model'), prompt: 'Hi' }),
  workflow('103', 'Embed', {
    resource: 'embedding',
    operation: 'embed',
    model: byName('embedding-model'),
    text: 'Hi',
  }),
  workflow('104', 'Models', { resource: 'model', operation: 'getAll' }),
  workflow('105', 'Missing model', chatParameters({ model: byName('nobody-has-this') })),
];

interface RunData {
  data: { resultData: { runData: Record<string, { data?: { main: { json: Record<string, unknown> }[][] } }[]> } };
}

const itemsOf = ({ data }: RunData) => data.resultData.runData['Ollama']![0]!.data!.main[0]!.map(({ json }) => json);

describe.skipIf('missing' in n8n)("n8n's command line", () => {
  let home: N8nHome;
  let server: ScriptedServer;

  beforeAll(async () => {
    if ('missing' in n8n) return;
    [home, server] = await Promise.all([N8nHome.create(n8n.bin), startScripted()]);
    const folder = path.join(home.folder, 'workflows');
    await mkdir(folder);
    for (const file of workflows) await writeFile(path.join(folder, `${file.id}.json`), JSON.stringify(file));
    const data = { baseUrl: `${server.host}/api/`, authentication: 'bearer', apiKey: 'secret-of-the-test' };
    const credentials = [{ id: 'stand-in', name: 'Ollama', type: CREDENTIAL_TYPE, data }];
    await writeFile(path.join(home.folder, 'credentials.json'), JSON.stringify(credentials));
    // In sequence: the first one creates the database.
    await home.succeed(['import:credentials', '--input=credentials.json']);
    await home.succeed(['import:workflow', '--separate', `--input=${folder}`]);
  });
  afterEach(() => server.reset());
  afterAll(async () => {
    await server?.close();
    await home?.[Symbol.asyncDispose]();
  });

  test('runs a chat with the imported credential', async () => {
    server.chat({ text: ['Ray', 'leigh'] });
    const stdout = await home.succeed(['execute', '--id=101', '--rawOutput']);
    // Log lines come first.
    const run: RunData = JSON.parse(stdout.slice(stdout.indexOf('{\n')));
    expect(itemsOf(run)).toEqual([expect.objectContaining({ text: 'Rayleigh' })]);
    expect(server.requests).toHaveLength(1);
    expect(server.lastRequest).toMatchObject({
      path: '/api/chat',
      headers: { authorization: 'Bearer secret-of-the-test' },
      body: {
        model: 'chat-model',
        messages: [{ role: 'user', content: 'Why is the sky blue?' }],
        stream: true,
        keep_alive: '30m',
        options: { temperature: 0 },
      },
    });
  });

  test('says what to do about a missing model, and ends with an error', async () => {
    const { code, stdout, stderr } = await home.run(['execute', '--id=105']);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain("model 'nobody-has-this' not found");
  });

  test('runs the other operations in a batch', async () => {
    const snapshots = path.join(home.folder, 'snapshots');
    await mkdir(snapshots);
    const options = [`--snapshot=${snapshots}`, '--concurrency=2', '--retries=0'];
    await home.succeed(['execute-batch', '--ids=102,103,104', ...options]);
    const run = async (id: string): Promise<RunData> =>
      JSON.parse(await readFile(path.join(snapshots, `${id}-snapshot.json`), 'utf8'));
    expect(itemsOf(await run('102'))).toEqual([expect.objectContaining({ model: 'chat-model' })]);
    expect(itemsOf(await run('103'))).toEqual([expect.objectContaining({ embedding: expect.any(Array) })]);
    const names = itemsOf(await run('104')).map(({ name }) => name);
    expect(names.sort()).toEqual(['chat-model:latest', 'embedding-model:latest', 'thinking-model:latest']);
    expect(server.requests.map(({ path }) => path).sort()).toEqual(['/api/embed', '/api/generate', '/api/tags']);
  });
});
