import { type JSONRPCMessage, Server, type Transport } from '@modelcontextprotocol/server';
import { expect, test } from 'vitest';
import { LegacyServer } from './legacy-server.ts';

/** A transport controlled by the test. */
function connected(server: LegacyServer) {
  const sent: JSONRPCMessage[] = [];
  const transport: Transport = {
    start: async () => {},
    close: async () => {},
    send: async (message) => void sent.push(message),
  };
  const receive = (message: object) => transport.onmessage?.({ jsonrpc: '2.0', ...message } as never);
  return { sent, receive, connect: () => server.connect(transport) };
}

const create = () => new LegacyServer({ name: 'test', version: '1' }, { capabilities: { tools: {} } });

test('the SDK still has the private methods that its own handlers call', () => {
  // If one is missing or renamed, see what the handlers of `Server` and `Protocol` call instead.
  for (const name of ['_oninitialize', '_oncancel']) {
    expect(Server.prototype, `Server of the SDK has no ${name} any more`).toHaveProperty(name, expect.any(Function));
  }
});

test('a handshake agrees on a revision, and stores the capabilities of the client', async () => {
  const server = create();
  const { sent, receive, connect } = connected(server);
  await connect();
  const params = {
    protocolVersion: '2025-06-18',
    capabilities: { elicitation: {} },
    clientInfo: { name: 'a', version: '2' },
  };
  receive({ id: 1, method: 'initialize', params });
  await expect
    .poll(() => sent)
    .toMatchObject([{ id: 1, result: { protocolVersion: '2025-06-18', serverInfo: { name: 'test' } } }]);
  expect(server.getClientCapabilities()).toEqual({ elicitation: {} });
  expect(server.getClientVersion()).toEqual({ name: 'a', version: '2' });
  expect(server.getNegotiatedProtocolVersion()).toBe('2025-06-18');
});

test('a cancellation aborts only the request that it names', async () => {
  const server = create();
  const { receive, connect } = connected(server);
  const signals: AbortSignal[] = [];
  server.fallbackRequestHandler = (_, { mcpReq }) => {
    signals.push(mcpReq.signal);
    return new Promise(() => {});
  };
  await connect();
  for (const id of [1, 2]) receive({ id, method: 'tools/list' });
  await expect.poll(() => signals).toHaveLength(2);
  receive({ method: 'notifications/cancelled', params: { requestId: 2, reason: 'enough' } });
  await expect.poll(() => signals.map(({ aborted }) => aborted)).toEqual([false, true]);
  expect(signals[1]?.reason).toBe('enough');
});
