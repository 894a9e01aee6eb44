import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Readable } from 'node:stream';
import { faults, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import type { IDataObject, IHttpRequestOptions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { watchRejections } from '../../fixtures/core/rejections.ts';
import type { PackedPackage } from '../../fixtures/packed-package.ts';
import { packedNodes } from './packed-nodes.ts';
import { chat, generate, model, server as serverOperation } from './parameters.ts';

/** n8n 1.100.1 has n8n-workflow 1.97.0; the parts that the nodes use are real, the engine around them is not. */
const WORKFLOW = 'n8n-workflow-1.97';

let packed: PackedPackage;
let server: ScriptedServer;
let required: NodeJS.Require;

beforeAll(async () => {
  const manifest = createRequire(import.meta.url).resolve(`${WORKFLOW}/package.json`);
  const workflow = path.dirname(manifest);
  [packed, server] = await Promise.all([packedNodes({ workflow }), startScripted()]);
  required = createRequire(path.join(packed.directory, 'package.json'));
  // All nodes are in this file, which n8n loads when it starts.
  required('./dist/bundle.js');
});
afterAll(async () => {
  await server.close();
  await packed[Symbol.asyncDispose]();
});

/** Creates an instance as n8n does, of the class with the file's name. */
function load<T>(file: string): T {
  const [name] = path.basename(file).split('.');
  return new (required(`./${file}`)[name!])();
}

test('every node and credential loads, and has a description', async () => {
  expect(required('n8n-workflow/package.json').version).toBe('1.97.0');
  expect(() => required('@n8n/ai-node-sdk')).toThrow(/Cannot find module/);
  expect(required('n8n-workflow')).not.toHaveProperty('accumulateTokenUsage');
  const { n8n } = JSON.parse(await readFile(path.join(packed.directory, 'package.json'), 'utf8'));
  expect(n8n.nodes).toHaveLength(4);
  for (const file of n8n.nodes) {
    const { description } = load<INodeType>(file);
    expect(description.name).toMatch(/^ollamaBelt/);
    expect(description.outputs).toEqual([expect.stringMatching(/^(main|ai_languageModel|ai_embedding)$/)]);
  }
  for (const file of n8n.credentials) expect(load(file)).toHaveProperty('name', 'ollamaBeltApi');
});

/** The context of a run, as far as that n8n has it: no streaming, no tool detection. */
const context = (parameters: object) => ({
  getInputData: () => [{ json: {} }],
  getNode: () => ({ id: '1', name: 'Node', type: 'x.ollamaBelt', typeVersion: 1, position: [0, 0], parameters }),
  getNodeParameter(name: string, _item: number, fallback?: unknown) {
    const value = name
      .split('.')
      .reduce<unknown>((object, key) => (object as IDataObject | undefined)?.[key], parameters);
    if (value === undefined) return fallback;
    return name === 'model' ? (value as { value: string }).value : value;
  },
  getCredentials: async () => ({ baseUrl: server.host }),
  getExecutionCancelSignal: () => undefined,
  getParentNodes: () => [],
  continueOnFail: () => false,
  helpers: { httpRequestWithAuthentication },
});

/** n8n's helper on another HTTP library: its stream emits an error when the signal aborts, whether it is read or not. */
async function httpRequestWithAuthentication(
  _type: string,
  { url, method, body, headers, abortSignal }: IHttpRequestOptions,
) {
  const response = await fetch(url, {
    method: method!,
    body: (body ?? null) as string | null,
    headers: headers as never,
    signal: abortSignal as AbortSignal,
  });
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: Readable.fromWeb(response.body as never),
  };
}

async function itemOf(parameters: object): Promise<IDataObject> {
  const node = load<INodeType>('dist/nodes/OllamaBelt/OllamaBelt.node.js');
  const [items] = (await node.execute!.call(context(parameters) as never)) as INodeExecutionData[][];
  return items![0]!.json;
}

test('the app node chats, pulls and gets the version', async () => {
  server.chat({ text: 'Hello', doneReason: 'length' });
  expect(await itemOf(chat())).toMatchObject({ text: 'Hello', notices: [{ code: 'stopped_at_length' }] });
  server.pull(['success']);
  const pull = model('pull', { model: { __rl: true, mode: 'name', value: 'm' } });
  expect(await itemOf(pull)).toMatchObject({ model: 'm', status: 'success' });
  expect(await itemOf(serverOperation('version'))).toHaveProperty('version');
});

test('a stop at the very moment the response begins ends the node, not n8n', async () => {
  using rejections = watchRejections();
  server.chat(faults.stallMidStream());
  const stop = new AbortController();
  const thenStop: typeof httpRequestWithAuthentication = async (...request) => {
    const answer = await httpRequestWithAuthentication(...request);
    // Nobody reads the body yet.
    queueMicrotask(() => stop.abort());
    return answer;
  };
  const stopped = {
    ...context(chat()),
    getExecutionCancelSignal: () => stop.signal,
    helpers: { httpRequestWithAuthentication: thenStop },
  };
  const node = load<INodeType>('dist/nodes/OllamaBelt/OllamaBelt.node.js');
  await expect(node.execute!.call(stopped as never)).rejects.toThrow('canceled');
  expect(await server.lastRequest.closed).toBe('aborted');
  expect(await rejections.all()).toEqual([]);
});

test('its errors are those of that n8n', async () => {
  const { NodeApiError, NodeOperationError } = required('n8n-workflow');
  const { error: bad } = await failure(chat({ model: { __rl: true, mode: 'name', value: 'nope' } }));
  expect(bad).toBeInstanceOf(NodeApiError);
  expect(bad).toMatchObject({ message: expect.stringMatching(/^model 'nope' not found/), httpCode: '404' });
  expect((await failure(chat({ messages: {} }))).error).toBeInstanceOf(NodeOperationError);
});

test('a helper’s error that is not about the network is told apart, whatever it looks like', async () => {
  const circular = new Error('blocked');
  circular.cause = circular;
  for (const error of [circular, Object.assign(new Error('blocked'), { code: 20 })]) {
    const helpers = { httpRequestWithAuthentication: () => Promise.reject(error) };
    const node = load<INodeType>('dist/nodes/OllamaBelt/OllamaBelt.node.js');
    const blocked = { ...context(chat()), helpers };
    await expect(node.execute!.call(blocked as never)).rejects.toMatchObject({ message: 'blocked' });
  }
});

test('an image that cannot be fetched is named', async () => {
  const parameters = generate({ imageSource: 'url', imageUrls: 'http://127.0.0.1:1/a.png' });
  const helpers = { httpRequest: () => Promise.reject(new Error('refused')) };
  const node = load<INodeType>('dist/nodes/OllamaBelt/OllamaBelt.node.js');
  await expect(node.execute!.call({ ...context(parameters), helpers } as never)).rejects.toThrow(
    'The image at http://127.0.0.1:1/a.png could not be fetched',
  );
});

test('features that need the package for AI nodes say so', async () => {
  const node = load<INodeType>('dist/nodes/OllamaBeltChatModel/OllamaBeltChatModel.node.js');
  await expect(node.supplyData!.call(context({}) as never, 0)).rejects.toThrow(
    'This version of n8n cannot connect models and tools of community nodes',
  );
});

async function failure(parameters: object): Promise<{ error: unknown }> {
  return itemOf(parameters).then(
    () => expect.unreachable(),
    (error: unknown) => ({ error }),
  );
}
