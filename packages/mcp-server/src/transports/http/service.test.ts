import { Server } from '@modelcontextprotocol/server';
import { expect, test } from 'vitest';
import { HttpService } from './service.ts';

const initialize = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

test('initialize within a session does not start another one', async () => {
  let made = 0;
  const service = new HttpService({
    mode: 'session',
    createServer: () => {
      made += 1;
      return new Server({ name: 'test', version: '1' }, { capabilities: {} });
    },
    guard: () => undefined,
  });
  const post = async (headers: Record<string, string> = {}) => {
    const response = await service.handle(
      new Request('http://localhost/mcp', {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
          'Mcp-Protocol-Version': '2025-11-25',
          ...headers,
        },
        body: JSON.stringify(initialize),
      }),
    );
    await response.text();
    return { status: response.status, id: response.headers.get('mcp-session-id') };
  };
  const { status, id } = await post();
  expect({ status, made }).toEqual({ status: 200, made: 1 });
  expect(id).toBeTruthy();
  expect(await post({ 'Mcp-Session-Id': id ?? '' })).toMatchObject({ status: 400 });
  // A client can start again after its session has ended, even if it still sends the old id.
  expect(await post({ 'Mcp-Session-Id': crypto.randomUUID() })).toMatchObject({ status: 200 });
  expect(made).toBe(2);
  await service.close();
});
