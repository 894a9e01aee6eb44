import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scriptedModel } from '@ollama-toolbelt/ollama-server';
import type { INodeParameters } from 'n8n-workflow';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { NodeSetup } from './engine.ts';
import { chat, generate } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const models = [scriptedModel({ name: 'chat-model', capabilities: ['completion', 'vision'] })];
const { engine, server } = await useEngine({ models });

const run = (parameters: INodeParameters, more: Partial<NodeSetup> = {}) =>
  engine.run({ parameters, credential: { baseUrl: server.host }, ...more });

/** The images that the server gets with a prompt. */
async function sent(parameters: INodeParameters, more: Partial<NodeSetup> = {}): Promise<unknown> {
  const { error } = await run(generate(parameters), more);
  expect(error).toBeUndefined();
  return server.lastRequest.body['images'];
}

/** The error of a prompt that is not sent, because of its images. */
async function refusal(parameters: INodeParameters, more: Partial<NodeSetup> = {}) {
  const { error } = await run(generate(parameters), more);
  expect(server.requests).toHaveLength(0);
  expect(error!.context).toMatchObject({ itemIndex: 0 });
  return error!;
}

const encoded = (text: string) => Buffer.from(text, 'latin1').toString('base64');
const png = encoded('\x89PNG\r\n\x1a\n');

describe('images of binary fields', () => {
  const binary = { data: 'iVBORw0=', photo2: 'R0lGODs=' };
  const named = (imageFields: string) => ({ imageSource: 'binary', imageFields });

  test('belong to the last user message, or to the prompt', async () => {
    const values = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'What is this?' },
    ];
    await run(chat({ messages: { values }, ...named('data, photo2') }), { binary });
    expect(server.lastRequest.body['messages']).toEqual([
      ...values.slice(0, 2),
      { ...values[2], images: Object.values(binary) },
    ]);
    expect(await sent(named('data, photo2,'), { binary })).toEqual(Object.values(binary));
  });

  test('are found wherever the workflow stores files', async () => {
    expect(await sent(named('data'), { binary, binaryMode: 'combined' })).toEqual([binary.data]);
    const inJson = { _files: { data: { data: binary.photo2, mimeType: 'image/gif', fileName: 'a.gif' } } };
    expect(await sent(named('data'), { items: [inJson], binaryMode: 'combined' })).toEqual([binary.photo2]);
    server.reset();
    expect((await refusal(named('data'), { binaryMode: 'combined' })).message).toMatch(/'data'/);
  });

  const file = (name: string) => ({ data: png, mimeType: 'image/png', fileName: `${name}.png` });
  const ofItem = named('={{ $json.files }}');
  test.each([
    ['a file', file('a'), 1],
    ['all files of an item', { data: file('a'), photo: file('b') }, 2],
    ['a list of files, with a gap', [file('a'), null, file('b'), file('c')], 3],
    ['a list of names', ['data', 'photo2'], 2],
  ])('that an expression gives: %s', async (_, files, count) => {
    const items = [{ files: files as never }];
    expect(await sent({ prompt: '', ...ofItem }, { items, binary })).toHaveLength(count);
  });

  test('that n8n stores elsewhere are read from there', async () => {
    // As an expression returns it. The engine alone has no storage.
    const stored = { id: 'filesystem-v2:1', mimeType: 'image/png', fileName: 'a.png' };
    const { message } = await refusal(ofItem, { items: [{ files: stored as never }] });
    expect(message).toBe('No binary data manager found for: filesystem-v2');
  });

  test('of another type, or that are not files at all, are rejected', async () => {
    const refused = async (files: unknown) => (await refusal(ofItem, { items: [{ files: files as never }] })).message;
    const zip = { data: 'AAAA', mimeType: 'application/zip', fileName: 'a.zip' };
    expect(await refused(zip)).toBe('The file a.zip is of the type application/zip, not an image');
    expect(await refused({ ...zip, fileName: undefined })).toBe(
      'The file is of the type application/zip, not an image',
    );
    for (const other of [{ some: 'object' }, {}, 7, { a: file('a'), note: 'x' }, { mimeType: 'image/png' }])
      expect(await refused(other)).toBe('The images are neither names of binary fields nor files');
    expect(await refused(undefined)).toBe('The field Input Data Field Names has no value');
  });

  test('of an unknown field: n8n reports it', async () => {
    expect((await refusal(named('nothing'))).message).toMatch(/nothing/);
  });
});

describe('a file that is not an image is refused by name', () => {
  test.each([
    ['a PDF', '%PDF-1.7'],
    ['a web page', '<!DOCTYPE html><p>Sign in'],
    ['a web page', '\n <html>'],
    ['an SVG drawing', '<svg xmlns="x">'],
  ])('%s: %j', async (kind, text) => {
    const binary = { data: encoded(text) };
    const { message, description } = await refusal({ imageSource: 'binary', imageFields: 'data' }, { binary });
    expect(message).toBe(`The file data.png in the field data is ${kind}, not an image`);
    expect(description).toMatch(/PNG, JPEG and WebP/);
  });

  test.each([
    ['a PDF', '', '%PDF-1.7'],
    ['an SVG drawing', 'image/svg+xml', '<?xml version="1.0"?>'],
    ['of the type text/plain', 'text/plain;charset=utf-8', 'Notes on <html>'],
  ])('%s within a data URL', async (kind, type, text) => {
    const imageData = `data:${type};base64,${encoded(text)}`;
    const { message } = await refusal({ imageSource: 'base64', imageData });
    expect(message).toBe(`The file in the message is ${kind}, not an image`);
  });

  // The server may know more kinds of images.
  test.each(['', 'application/octet-stream', 'image/new'])('but one of an unknown kind is sent: %j', async (type) => {
    const data = encoded('some new format');
    expect(await sent({ imageSource: 'base64', imageData: `data:${type};base64,${data}` })).toEqual([data]);
    expect(await sent({ imageSource: 'base64', imageData: data })).toEqual([data]);
  });
});

describe('images as base64 from JSON', () => {
  test.each([
    ['base64', png, 1],
    ['several, separated by commas', `${png}, ${png}`, 2],
    ['data URLs', `data:image/png;base64,${png},data:image/png;base64,${png}`, 2],
    ['a list', [png, `data:image/png;base64,${png}`], 2],
  ])('%s', async (_, images, count) => {
    const parameters = { imageSource: 'base64', imageData: '={{ $json.images }}' };
    expect(await sent(parameters, { items: [{ images }] })).toEqual(Array(count).fill(png));
  });

  test.each(['not base64!', `data:image/png;base64,${png}?`])('%s is refused', async (imageData) => {
    const { message } = await refusal({ imageSource: 'base64', imageData });
    expect(message).toBe('An image in the message is neither an http address nor base64');
  });
});

describe('images of addresses', () => {
  const asked: string[] = [];
  const site = createServer(({ url }, response) => {
    asked.push(url!);
    response.statusCode = url!.startsWith('/dog') ? 404 : 200;
    const isText = url!.startsWith('/notes');
    if (isText || url === '/mislabeled.png') response.setHeader('content-type', 'text/plain; charset=utf-8');
    response.end(isText ? 'Notes' : Buffer.from(png, 'base64'));
  });
  let address: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  });
  afterEach(() => asked.splice(0));
  afterAll(async () => {
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
  });

  const at = (imageUrls: string) => ({ imageSource: 'url', imageUrls });

  test('are fetched, several separated by commas', async () => {
    expect(await sent(at(`${address}/a.png`))).toEqual([png]);
    expect(await sent(at(`${address}/b.png, ${address}/c.png,`))).toEqual([png, png]);
    expect(asked).toEqual(['/a.png', '/b.png', '/c.png']);
  });

  test('may say that they are another kind of file: their first bytes count', async () => {
    expect(await sent(at(`${address}/mislabeled.png`))).toEqual([png]);
  });

  test('may have commas themselves, and other addresses in their queries', async () => {
    const path = `/a.png?size=1,2&from=x,y=http://x.test`;
    expect(await sent(at(`${address}${path}`))).toEqual([png]);
    expect(asked).toEqual([path]);
  });

  test('may be data URLs', async () => {
    expect(await sent(at(`data:image/png;base64,${png}`))).toEqual([png]);
    expect(asked).toEqual([]);
  });

  test('say what is wrong if there is none', async () => {
    const missing = await refusal(at(`${address}/dog.png`));
    expect(missing.message).toBe(`The image at ${address}/dog.png could not be fetched`);
    expect(missing.description).toMatch(/404.* Check the address/);
    expect((await refusal(at('cat.png'))).message).toMatch(/neither an http address nor base64$/);
    expect((await refusal(at(`${address}/notes`))).message).toBe(
      `The file at ${address}/notes is of the type text/plain, not an image`,
    );
  });

  test('show in errors neither their user and password nor their query, which may hold a signature', async () => {
    const secret = (path: string) => `${address.replace('//', '//me:s3cret@')}${path}?signature=s3cret#s3cret`;
    for (const path of ['/dog.png', '/notes']) {
      const { message, description } = await refusal(at(secret(path)));
      expect(message).toContain(` at ${address}${path} `);
      expect(message + description).not.toContain('s3cret');
    }
  });

  test('are no longer fetched once the workflow is stopped', async () => {
    const stop = new AbortController();
    const silent = createServer(() => stop.abort());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = silent.address() as AddressInfo;
      const parameters = generate(at(`http://127.0.0.1:${port}/a.png`));
      const { status } = await engine.run({ parameters, credential: { baseUrl: server.host } }, stop.signal);
      expect(status).toBe('canceled');
      expect(server.requests).toEqual([]);
    } finally {
      silent.closeAllConnections();
      await new Promise((resolve) => silent.close(resolve));
    }
  });
});

test('images that are missing: the error names the field', async () => {
  for (const [imageSource, label] of [
    ['url', 'Image URLs'],
    ['base64', 'Images as Base64'],
  ] as const) {
    const images = { imageSource, imageUrls: '={{ $json.typo }}', imageData: '={{ "" }}' };
    expect((await run(chat(images))).error!.message).toBe(`The field ${label} has no value`);
  }
  expect(server.requests).toHaveLength(0);
});
