import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scriptedModel } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locator } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine({
  withSdk: true,
  models: [scriptedModel({ name: 'chat-model', capabilities: ['completion', 'tools', 'vision'] })],
});

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const base64 = PNG.toString('base64');
const dataUrl = `data:image/png;base64,${base64}`;

const site = createServer((request, response) => {
  const isPage = request.url === '/page';
  response.setHeader('content-type', isPage ? 'text/html' : 'image/png');
  response.end(isPage ? '<!doctype html><p>Sign in</p>' : PNG);
});
let address: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterAll(async () => {
  site.closeAllConnections();
  await new Promise((resolve) => site.close(resolve));
});

/** The parts of LangChain's model that agents and chains call. */
interface Model {
  _generate(messages: object[], options?: object): Promise<{ generations: { message: { content: unknown } }[] }>;
  _streamResponseChunks(messages: object[], options?: object): AsyncIterable<{ message: { content: unknown } }>;
  bindTools(tools: object[]): Model;
}

const supplied = async () => {
  const parameters = { model: locator('chat-model'), options: {} };
  const setup = { type: 'ollamaBeltChatModel' as const, parameters, credential: { baseUrl: server.host } };
  return (await engine.supply(setup)).response as Model;
};
const say = (...content: object[]) => [{ role: 'user', content: [{ type: 'text', text: 'What?' }, ...content] }];
const imagesSent = () => (server.lastRequest.body['messages'] as { images?: string[] }[])[0]!.images;

describe('an answer', () => {
  const answer = async () => (await (await supplied())._generate(say())).generations[0]!.message.content;

  test('is a text, which n8n’s parser that fixes answers needs', async () => {
    server.chat({ thinking: 'Hm', text: 'Yes' }).chat({ text: ['Y', 'es'] });
    expect(await answer()).toBe('Yes');
    const contents: unknown[] = [];
    for await (const { message } of (await supplied())._streamResponseChunks(say())) contents.push(message.content);
    expect(contents).toEqual(['Y', 'es', '']);
  });

  test('keeps what the model thought if it calls a tool, for the next round', async () => {
    server.chat({ thinking: 'Hm', toolCalls: [{ name: 'look', arguments: {} }] });
    expect(await answer()).toMatchObject([{ type: 'reasoning' }, { type: 'text' }]);
  });
});

describe('images of agents and chains reach the model', () => {
  const forms: [string, () => object][] = [
    ['as n8n passes files on', () => ({ type: 'image_url', image_url: { url: dataUrl, detail: 'auto' } })],
    ['as n8n writes them for its own Ollama node', () => ({ type: 'image_url', image_url: dataUrl })],
    ['of an address', () => ({ type: 'image_url', image_url: { url: `${address}/cat.png` } })],
    ["in LangChain's newer forms", () => ({ type: 'image', mimeType: 'image/png', data: base64 })],
    [
      'as base64 with its source',
      () => ({ type: 'image', source_type: 'base64', mime_type: 'image/png', data: base64 }),
    ],
    ['of an address with its source', () => ({ type: 'image', source_type: 'url', url: `${address}/cat.png` })],
    ['as a file', () => ({ type: 'file', mimeType: 'image/png', data: base64 })],
    [
      "in Anthropic's form",
      () => ({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: base64 } }),
    ],
    ["in OpenAI's form", () => ({ type: 'input_image', image_url: dataUrl })],
    [
      "in Anthropic's form, of an address",
      () => ({ type: 'image', source: { type: 'url', url: `${address}/cat.png` } }),
    ],
    ["in the form of Vercel's SDK", () => ({ type: 'image', image: base64 })],
    ["as a file in the form of Vercel's SDK", () => ({ type: 'file', mediaType: 'image/png', data: base64 })],
    [
      'with spaces and line breaks',
      () => ({ type: 'image_url', image_url: ` ${dataUrl.slice(0, 30)}\n${dataUrl.slice(30)} ` }),
    ],
    ["in Google's form", () => ({ type: 'media', mimeType: 'image/png', data: base64 })],
    ['as bytes', () => ({ type: 'image', mimeType: 'image/png', data: new Uint8Array(PNG) })],
  ];
  test.each(forms)('%s', async (_, block) => {
    await (await supplied())._generate(say(block()));
    expect(imagesSent()).toEqual([base64]);
  });

  test('streamed, with tools, and the message itself is not changed', async () => {
    const model = (await supplied()).bindTools([{ type: 'function', name: 'look' }]);
    const messages = say({ type: 'image_url', image_url: { url: dataUrl } });
    const before = structuredClone(messages);
    for await (const _ of model._streamResponseChunks(messages));
    expect(imagesSent()).toEqual([base64]);
    expect(server.lastRequest.body['tools']).toHaveLength(1);
    expect(messages).toEqual(before);
  });

  test('and texts stay, however they are written', async () => {
    server.chat({ text: 'ok' });
    await (await supplied())._generate([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: ['What', { type: 'text', text: ' is' }, { type: 'tool_use', id: 'x' }, ' this?'] },
    ]);
    expect(server.lastRequest.body['messages']).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is this?' },
    ]);
  });

  test('and an image that cannot be sent is rejected by name', async () => {
    const model = await supplied();
    const refused = (block: object) => expect(model._generate(say(block))).rejects;
    await refused({
      type: 'file',
      source_type: 'base64',
      mime_type: 'application/pdf',
      data: 'JVBERi0=',
    }).toMatchObject({
      message: 'A message has a file of the type application/pdf, which Ollama does not accept',
      description: expect.stringMatching(/text and images/),
    });
    await refused({ type: 'image', data: new TextEncoder().encode('%PDF-1.7') }).toThrow(
      'The file in the message is a PDF, not an image',
    );
    await refused({ type: 'input_audio', input_audio: {} }).toThrow(/file of the type input_audio/);
    await refused({ type: 'image_url', image_url: `${address}/page` }).toThrow(
      /The file at .*page is a web page, not an/,
    );
    for (const image_url of ['cat.png', 'see https://127.0.0.1:1/cat.png', ''])
      await refused({ type: 'image_url', image_url }).toThrow(/neither an http address nor base64/);
    await refused({ type: 'image_url', image_url: 'http://127.0.0.1:1/cat.png' }).toThrow(/could not be fetched/);
    expect(server.requests).toHaveLength(0);
  });
});
