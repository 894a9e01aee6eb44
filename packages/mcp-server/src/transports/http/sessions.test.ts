import { Server } from '@modelcontextprotocol/server';
import { expect, test, vi } from 'vitest';
import { Sessions } from './sessions.ts';

const initialize = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
const hour = 60 * 60 * 1000;

/** Sessions with a fake clock, and a record of the servers that were closed. */
function setUp() {
  const clock = { now: 0 };
  const closed: number[] = [];
  let made = 0;
  const servers: Server[] = [];
  const createServer = () => {
    const server = new Server({ name: 'test', version: '1' }, { capabilities: {} });
    servers.push(server);
    const number = made++;
    server.onclose = () => closed.push(number);
    return server;
  };
  const busy = new Set<Server>();
  const sessions = new Sessions({ createServer, isBusy: (server) => busy.has(server), now: () => clock.now });
  const request = (id?: string) =>
    new Request('http://localhost/mcp', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...(id !== undefined && { 'Mcp-Session-Id': id }),
      },
    });
  const start = async () => {
    const response = await sessions.start(request(), initialize, {}, () => {});
    await response.text();
    return { status: response.status, id: response.headers.get('mcp-session-id') ?? '' };
  };
  const use = async (id: string) => {
    const response = await sessions.handle(request(id), ping, {}, () => {});
    await response.text();
    return response.status;
  };
  return { busy, servers, clock, closed, sessions, request, start, use };
}

test('a session that was idle for an hour ends when the next one begins', async () => {
  const { clock, closed, start, use } = setUp();
  const [left, used] = [await start(), await start()];
  clock.now += hour;
  expect(await use(used.id)).toBe(200);
  clock.now += 1;
  const { id } = await start();
  expect(closed).toEqual([0]);
  expect([await use(left.id), await use(used.id), await use(id)]).toEqual([404, 200, 200]);
});

test('the session that was idle longest is ended to make room, but never one with an open response', async () => {
  const { clock, sessions, closed, request, start, use } = setUp();
  const all = [];
  for (let count = 0; count < 200; count += 1) {
    clock.now += 1;
    all.push(await start());
  }
  const busy = new Request('http://localhost/mcp', {
    headers: { Accept: 'text/event-stream', 'Mcp-Session-Id': all[0]?.id ?? '' },
  });
  const listening = await sessions.handle(busy, undefined, {}, () => {});
  expect((await start()).status).toBe(200);
  expect(closed).toEqual([1]);
  expect(await use(all[0]?.id ?? '')).toBe(200);
  expect(await use(all[1]?.id ?? '')).toBe(404);
  await listening.body?.cancel();
  await sessions.close();
  expect(closed).toHaveLength(201);
  expect((await sessions.handle(request(all[2]?.id), ping, {}, () => {})).status).toBe(404);
});

test('a busy session is not ended to make room; if all are busy, a new client has to wait', async () => {
  const { busy, servers, closed, start } = setUp();
  for (let count = 0; count < 200; count += 1) await start();
  for (const server of servers) busy.add(server);
  expect((await start()).status).toBe(503);
  expect(closed).toEqual([]);
  busy.delete(servers[7] as Server);
  expect((await start()).status).toBe(200);
  expect(closed).toEqual([7]);
});

test('a session that was idle for an hour ends by itself, with its running jobs', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const { busy, servers, clock, closed, start } = setUp();
    await start();
    busy.add(servers[0] as Server);
    vi.advanceTimersByTime(hour);
    expect(closed).toEqual([]);
    clock.now = hour + 1;
    vi.advanceTimersByTime(60_000);
    expect(closed).toEqual([0]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('an initialize that is refused leaves no server open', async () => {
  const { sessions, closed } = setUp();
  const request = new Request('http://localhost/mcp', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/html' },
  });
  const response = await sessions.start(request, initialize, {}, () => {});
  expect(response.status).toBe(406);
  expect(response.headers.has('mcp-session-id')).toBe(false);
  expect(closed).toEqual([0]);
});
