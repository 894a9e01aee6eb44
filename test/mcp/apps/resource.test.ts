import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { connect, nowhere } from '../../fixtures/mcp/connect.ts';
import { startRaw } from '../../fixtures/mcp/raw-process.ts';
import { connectHttp, startHttp } from '../../fixtures/mcp-http/http-process.ts';

const mimeType = 'text/html;profile=mcp-app';
const capabilities = { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: [mimeType] } } };
const closed = { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] };
const everything = ['--toolsets', 'inference,models,manage,web'];

type Listed = { name: string; _meta?: { ui?: { resourceUri?: string } } | undefined };
const pagesOf = (tools: readonly object[]) =>
  Object.fromEntries((tools as Listed[]).flatMap(({ name, _meta }) => (_meta ? [[name, _meta.ui?.resourceUri]] : [])));

test('a client that shows pages gets one for the list of models and the status', async () => {
  await using connection = await connect({ host: nowhere, capabilities });
  const { client } = connection;
  const pages = pagesOf((await client.listTools()).tools);
  expect(Object.keys(pages)).toEqual(['ollama_list_models', 'ollama_status']);
  const uri = pages['ollama_status']!;
  const { resources } = await client.listResources();
  expect(resources).toContainEqual(
    expect.objectContaining({ uri, mimeType, _meta: { ui: { csp: closed, prefersBorder: true } } }),
  );
  const { contents } = await client.readResource({ uri });
  expect(contents).toEqual([
    { uri, mimeType, text: expect.any(String), _meta: { ui: { csp: closed, prefersBorder: true } } },
  ]);
});

test('the page is small and complete, and loads nothing from elsewhere', async () => {
  for (const args of [[], everything]) {
    await using connection = await connect({ host: nowhere, capabilities, args });
    const { client } = connection;
    const uri = pagesOf((await client.listTools()).tools)['ollama_list_models']!;
    const [{ text }] = (await client.readResource({ uri })).contents as unknown as [{ text: string }];
    expect(Buffer.byteLength(text)).toBeLessThan(12_000);
    expect(text).toMatch(/^<!doctype html><html lang=en>.*<\/html>\s*$/s);
    expect(text).not.toMatch(
      /https?:|\bsrc=|<link|@import|url\(|fetch\(|innerHTML|outerHTML|insertAdjacent|document\.write/,
    );
    expect(text.match(/<script/g)).toHaveLength(2);
  }
});

test('a client that does not show pages gets none', async () => {
  await using connection = await connect({ host: nowhere });
  const { client } = connection;
  expect(pagesOf((await client.listTools()).tools)).toEqual({});
  expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(['ollama://models']);
});

test('over HTTP without sessions, every client gets the page', async () => {
  await using server = await startHttp({ host: nowhere });
  await using connection = await connectHttp(server.url);
  const pages = pagesOf((await connection.client.listTools()).tools);
  expect(Object.keys(pages)).toEqual(['ollama_list_models', 'ollama_status']);
  const { contents } = await connection.client.readResource({ uri: pages['ollama_status']! });
  // Without sessions, no jobs are kept.
  expect(contents).toMatchObject([{ text: expect.stringContaining('"tools":["list_models","status","chat","rank"]') }]);
});

test('a client of an old revision that shows pages gets structured content, which the page reads', async () => {
  await using ollama = await startScripted();
  await using server = await startRaw({ host: ollama.host, revision: '2024-11-05', capabilities });
  const { result } = await server.request('tools/call', { name: 'ollama_list_models', arguments: {} });
  expect(result).toHaveProperty('structuredContent.models');
});
