import { Server } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Sessions } from './sessions.ts';

const initialize = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
const hour = 60 * 60 * 1000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Sessions, with a record of the servers that were closed and of how responses ended. */
function setUp() {
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
  const sessions = new Sessions({ createServer, isBusy: (server) => busy.has(server) });
  const endings: string[] = [];
  const onEnd = (ending: string) => void endings.push(ending);
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
    const response = await sessions.start(request(), initialize, {}, onEnd);
    const said = await response.text();
    return {
      status: response.status,
      said,
      headers: response.headers,
      id: response.headers.get('mcp-session-id') ?? '',
    };
  };
  const use = async (id: string) => {
    const response = await sessions.handle(request(id), ping, {}, onEnd);
    await response.text();
    return response.status;
  };
  const listen = (id: string) => {
    const headers = { Accept: 'text/event-stream', 'Mcp-Session-Id': id };
    return sessions.handle(new Request('http://localhost/mcp', { headers }), undefined, {}, onEnd);
  };
  return { busy, servers, closed, endings, sessions, request, start, use, listen };
}

test('a session that was idle for an hour ends, but not one with an open response', async () => {
  const { closed, start, use, listen, sessions } = setUp();
  const [left, used, listening] = [await start(), await start(), await start()];
  const stream = await listen(listening.id);
  vi.advanceTimersByTime(hour);
  expect(await use(used.id)).toBe(200);
  vi.advanceTimersByTime(1);
  const { id } = await start();
  expect(closed).toEqual([0]);
  expect([await use(left.id), await use(used.id), await use(listening.id), await use(id)]).toEqual([
    404, 200, 200, 200,
  ]);
  await stream.body?.cancel();
  await sessions.close();
});

test('the session that was idle longest is ended to make room, but never one with an open response', async () => {
  const { sessions, closed, request, start, use, listen } = setUp();
  const all = [];
  for (let count = 0; count < 200; count += 1) {
    vi.advanceTimersByTime(1);
    all.push(await start());
  }
  const [listening, used, idle] = all.map(({ id }) => id);
  const stream = await listen(listening ?? '');
  expect(await use(used ?? '')).toBe(200);
  expect((await start()).status).toBe(200);
  expect(closed).toEqual([2]);
  expect([await use(listening ?? ''), await use(used ?? ''), await use(idle ?? '')]).toEqual([200, 200, 404]);
  await stream.body?.cancel();
  await sessions.close();
  expect(closed).toHaveLength(201);
  expect(vi.getTimerCount()).toBe(0);
  expect((await sessions.handle(request(used), ping, {}, () => {})).status).toBe(404);
});

test('a busy session is not ended to make room; if all are busy, a new client has to wait', async () => {
  const { busy, servers, closed, endings, start } = setUp();
  for (let count = 0; count < 200; count += 1) await start();
  for (const server of servers) busy.add(server);
  const { status, said, headers } = await start();
  expect([status, headers.get('retry-after')]).toEqual([503, '30']);
  expect(said).toContain('All 200 sessions are in use.');
  expect(endings).toEqual(Array(201).fill('complete'));
  expect(closed).toEqual([]);
  busy.delete(servers[7] as Server);
  expect((await start()).status).toBe(200);
  expect(closed).toEqual([7]);
});

test('a session that was idle for an hour ends by itself, with its running jobs', async () => {
  const { busy, servers, closed, start } = setUp();
  await start();
  busy.add(servers[0] as Server);
  vi.advanceTimersByTime(hour);
  expect(closed).toEqual([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(closed).toEqual([0]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(vi.getTimerCount()).toBe(0);
});

test('a request without a session is told what to do', async () => {
  const { sessions, request } = setUp();
  const refused = async (id?: string) => {
    const response = await sessions.handle(request(id), ping, {}, () => {});
    return [response.status, ((await response.json()) as { error: object }).error];
  };
  expect(await refused('unknown')).toEqual([
    404,
    { code: -32001, message: 'There is no such session (any more). Initialize again.' },
  ]);
  expect(await refused()).toMatchObject([
    400,
    { message: 'The header Mcp-Session-Id is required; initialize brings it.' },
  ]);
});

test('nobody else can use a session, not even the holder of a token without a subject', async () => {
  const { sessions, request } = setUp();
  const started = await sessions.start(request(), initialize, { subject: 'ada' }, () => {});
  await started.text();
  const own = request(started.headers.get('mcp-session-id') ?? '');
  for (const [caller, status] of [
    [{ subject: 'ada' }, 200],
    [{ subject: 'bob' }, 404],
    [{}, 404],
  ] as const) {
    expect(sessions.has(own, caller)).toBe(status === 200);
    expect((await sessions.handle(own.clone(), ping, caller, () => {})).status).toBe(status);
  }
  await sessions.close();
});

test('every response reports how it ended', async () => {
  const { endings, start, use, listen, sessions } = setUp();
  const { id } = await start();
  expect(endings).toEqual(['complete']);
  expect([await use(id), await use('unknown')]).toEqual([200, 404]);
  expect(endings).toEqual(['complete', 'complete', 'complete']);
  await (await listen(id)).body?.cancel();
  expect(endings.at(-1)).toBe('left');
  await sessions.close();
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
