import { type ScriptedServer, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { examples, modelsOf } from './examples.ts';
import { itemsOf } from './flatted.ts';
import { type Execution, N8nApi } from './n8n-api.ts';
import type { WorkflowFile } from './workflow.ts';

const n8n = inject('n8n');

type Imported = WorkflowFile & { id: string; versionId: string };

/** The expected output of an example; every node of it must also have run. */
const outcomes: Record<string, (run: Execution['run'], server: ScriptedServer) => void> = {
  'Summarize files with a local model': (run, server) => {
    expect(itemsOf(run, 'Result').map(({ file }) => file)).toEqual(['meeting.txt', 'letter.txt']);
    for (const { body } of server.requestsTo('/api/chat')) {
      expect(body['format']).toMatchObject({ type: 'object', required: ['title', 'summary'] });
    }
  },
  'Extract structured data from e-mails': (run, server) => {
    expect(itemsOf(run, 'Extract')).toHaveLength(2);
    expect(itemsOf(run, 'Extract')[0]!['parsed']).toMatchObject({ order_number: expect.any(Number) });
    expect(server.requestsTo('/api/generate')).toHaveLength(2);
  },
  'Nightly model update': (run, server) => {
    const pulled = server.requestsTo('/api/pull').map(({ body }) => body['model']);
    expect(pulled.sort()).toEqual(server.models.map(({ name }) => name).sort());
    expect(itemsOf(run, 'Report').map(({ result }) => result)).toEqual(pulled.map(() => 'success'));
  },
};

describe.skipIf('missing' in n8n)('the example workflows', () => {
  let api: N8nApi;
  let server: ScriptedServer;
  let imported: { id: string; name: string }[];

  beforeAll(async () => {
    if ('missing' in n8n) return;
    api = new N8nApi(n8n.access);
    // The address is in the credential that was imported with them.
    const models = modelsOf(examples).map((name) => {
      const capabilities = name.includes('embed') ? ['embedding'] : ['completion', 'tools'];
      return scriptedModel({ name, capabilities });
    });
    server = await startScripted({ models, port: n8n.examplesPort });
    imported = await api.call('GET', '/workflows');
  });
  afterEach(() => server.reset());
  afterAll(() => server?.close());

  const open = async (name: string): Promise<Imported> => {
    const { id } = imported.find((workflow) => workflow.name === name)!;
    return api.call('GET', `/workflows/${id}`);
  };
  const nodeOf = ({ nodes }: WorkflowFile, type: string) => nodes.find((node) => node.type.endsWith(`.${type}`));

  for (const example of examples.filter((file) => nodeOf(file, 'manualTrigger'))) {
    test(`${example.name}: runs`, async () => {
      server.always.pull(['pulling manifest', 'success']);
      const workflow = await open(example.name);
      const { status, run } = await api.ended(await api.start(workflow, nodeOf(workflow, 'manualTrigger')!.name));
      expect(run.resultData.error).toBeUndefined();
      expect(status).toBe('success');
      outcomes[example.name]?.(run, server);
    });
  }

  test('AI agent with our Chat Model and tools: calls its tools and answers', async () => {
    const workflow = await open('AI agent with our Chat Model and tools');
    const calls = [
      { name: 'Calculator', arguments: { input: '6 * 7' } },
      { name: 'Installed_Models', arguments: {} },
    ];
    server.chat({ toolCalls: calls }).chat({ text: ['It is', ' 42.'] });
    const execution = await api.say(workflow, nodeOf(workflow, 'chatTrigger')!.name, 'What is 6 times 7?');
    const { run } = await api.ended(execution);
    expect(run.resultData.error).toBeUndefined();
    expect(itemsOf(run, 'Agent')).toEqual([{ output: 'It is 42.' }]);
    const [first, second] = server.requestsTo('/api/chat').map(({ body }) => body);
    expect(first).toMatchObject({ model: 'llama3.2', keep_alive: '30m', tools: [{ type: 'function' }, {}] });
    const results = (second!['messages'] as { role: string; content: string }[]).filter(({ role }) => role === 'tool');
    expect(results.map(({ content }) => content)).toEqual([
      expect.stringContaining('42'),
      expect.stringContaining('llama3.2'),
    ]);
  });

  for (const example of examples.filter((file) => nodeOf(file, 'chatTrigger')?.parameters['public'])) {
    test(`${example.name}: streams its answer into the chat`, async () => {
      // The editor assigns a chat its own address on import; the command line does not.
      expect(nodeOf(example, 'chatTrigger')).not.toHaveProperty('webhookId');
      const webhookId = crypto.randomUUID();
      const { name, nodes, connections, settings } = await open(example.name);
      const withAddress = nodes.map((node) => (node.type.endsWith('.chatTrigger') ? { ...node, webhookId } : node));
      await api.publish(
        await api.addWorkflow({ name, nodes: withAddress, connections, ...(settings && { settings }) }),
      );
      server.always.chat({ text: ['Ray', 'leigh'] });
      const address = `${api.access.url}/webhook/${webhookId}/chat`;
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ action: 'sendMessage', sessionId: 's', chatInput: 'Why is the sky blue?' }),
      });
      const lines = (await response.text()).trim().split('\n');
      const pieces = lines.map((line): { type: string; content?: string } => JSON.parse(line));
      const texts = pieces.filter(({ type }) => type === 'item').map(({ content }) => content);
      expect(texts).toEqual(['Ray', 'leigh']);
      expect(JSON.stringify(server.requestsTo('/api/chat')[0]!.body['messages'])).toContain('Why is the sky blue?');
    });
  }
});
