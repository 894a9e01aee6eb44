/** What clients of each revision of the protocol get of a result. */
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { createHandler } from '../../../packages/mcp-server/src/handler.ts';
import { hello } from '../../fixtures/mcp/connect.ts';
import { startRaw } from '../../fixtures/mcp/raw-process.ts';

const old = ['2024-11-05', '2025-03-26'];
const withStructure = ['2025-06-18', '2025-11-25'];

interface Result {
  content: { text: string }[];
  structuredContent?: object;
}

describe.each([...old, ...withStructure])('%s', (revision) => {
  const isOld = old.includes(revision);

  test(`over stdio an answer is text${isOld ? ' alone' : ' and structure'}, and the list of tools fits that`, async () => {
    await using ollama = await startScripted();
    await using server = await startRaw({ host: ollama.host, revision });
    const { result: listed } = await server.request('tools/list');
    const { tools } = listed as { tools: { outputSchema?: object }[] };
    expect(tools.filter(({ outputSchema }) => outputSchema !== undefined)).toHaveLength(isOld ? 0 : tools.length);
    ollama.chat({ text: ['one', ' two'] });
    const { result } = await server.request('tools/call', { name: 'ollama_chat', arguments: hello });
    const { content, structuredContent } = result as Result;
    // The text is complete by itself.
    expect(content.map(({ text }) => text).join('\n')).toMatch(/one two[\s\S]*chat-model, stop, prompt_tokens 12/);
    if (isOld) expect(structuredContent).toBeUndefined();
    else expect(structuredContent).toMatchObject({ text: 'one two' });
  });

  test('over HTTP it is the header that says it', async () => {
    await using ollama = await startScripted();
    const handle = createHandler({ token: 't', allow: ['box'], host: ollama.host });
    const request = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'ollama_chat', arguments: hello } };
    const headers = {
      Authorization: 'Bearer t',
      Host: 'box',
      Accept: 'application/json, text/event-stream',
      'Content-Type': 'application/json',
      'MCP-Protocol-Version': revision,
    };
    const response = await handle(
      new Request('http://box/mcp', { method: 'POST', headers, body: JSON.stringify(request) }),
    );
    const text = await response.text();
    expect(text).toContain('"content"');
    expect(text.includes('"structuredContent"')).toBe(!isOld);
  });
});

test('who does not say a revision gets both', async () => {
  await using ollama = await startScripted();
  const handle = createHandler({ token: 't', allow: ['box'], host: ollama.host });
  const params = { name: 'ollama_status', arguments: {} };
  const headers = {
    Authorization: 'Bearer t',
    Host: 'box',
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const response = await handle(new Request('http://box/mcp', { method: 'POST', headers, body }));
  expect(await response.text()).toContain('"structuredContent"');
});
