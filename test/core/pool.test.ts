import { createOllama, type NodeOptions } from '@ollama-toolbelt/core/node';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { startProxy } from '../fixtures/core/forward-proxy.ts';
import { startSocksProxy } from '../fixtures/core/socks-proxy.ts';

/** How many connections five parallel calls use. */
async function connectionsWith(options: NodeOptions): Promise<number> {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host, ...options });
  await Promise.all(Array.from({ length: 5 }, () => ollama.version()));
  return new Set(server.requests.map(({ connection }) => connection)).size;
}

test('five parallel calls use five connections, unless the pool has fewer', async () => {
  expect(await connectionsWith({})).toBe(5);
  expect(await connectionsWith({ pool: { connections: 2 } })).toBe(2);
});

test('the pool limit also applies through a proxy', async () => {
  await using http = await startProxy();
  await connectionsWith({ proxy: http.url, pool: { connections: 2 } });
  expect(http.connections()).toBe(2);
  await using socks = await startSocksProxy();
  await connectionsWith({ proxy: `socks5://127.0.0.1:${socks.port}`, pool: { connections: 2 } });
  expect(socks.seen).toHaveLength(2);
});
