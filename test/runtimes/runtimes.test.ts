import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { faults, type RecordedRequest, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { startProxy } from '../fixtures/core/forward-proxy.ts';
import { selfSigned } from '../fixtures/core/self-signed.ts';
import { tempFolder, weights } from '../fixtures/core/temp-folder.ts';
import { type Runtime, runtimes } from '../fixtures/runtimes.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('contract.mjs', import.meta.url));
const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const bytes = weights(7, 300_000);

const answer: RequestListener = (_, response) =>
  response.setHeader('content-type', 'application/json').end('{"version":"1.2.3"}');

async function listening(server: Server, place: string | number): Promise<Server> {
  if (typeof place === 'string') server.listen(place);
  else server.listen(place, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** The name of a call, which is its message. */
const nameOf = ({ body }: RecordedRequest) => (body['messages'] as { content: string }[])[0]!.content;

/** How each chat of the program is answered, and how it ends. */
const chats = {
  whole: [() => ({ text: ['Hel', 'lo'] }), 'complete'],
  pieces: [() => ({ text: ['Hel', 'lo'] }), 'complete'],
  left: [faults.stallMidStream, 'aborted'],
  cancelled: [faults.stallBeforeHeaders, 'aborted'],
  cancelledInBody: [faults.stallMidStream, 'aborted'],
  firstByte: [faults.stallBeforeHeaders, 'aborted'],
  idle: [faults.stallMidStream, 'aborted'],
  total: [faults.stallBeforeHeaders, 'aborted'],
  notFound: [() => faults.modelNotFound('nope'), 'complete'],
  reset: [() => faults.resetMidBody(), expect.stringMatching(/cut|aborted/)],
  truncated: [faults.cutWithoutDone, 'complete'],
} as const;
/** On a busy machine they may end before they are sent. */
const short = ['cancelled', 'firstByte', 'total'];

function script(server: ScriptedServer): void {
  server.always.chat((request) => chats[nameOf(request) as keyof typeof chats][0]());
  server.embed([
    [1, 0],
    [0, 1],
  ]);
}

async function play({ program: runtime, args }: Runtime, entry: 'node' | 'fetch') {
  await using server = await startScripted();
  await using gone = await startScripted();
  await gone.refuse();
  await using proxy = await startProxy();
  await using folder = await tempFolder();
  const socketPath = join(folder.path, 'ollama.sock');
  const secure = await listening(createSecureServer(selfSigned, answer), 0);
  const onSocket = await listening(createServer(answer), socketPath);
  script(server);
  try {
    const { stdout, stderr } = await run(runtime as string, [...args, program], {
      timeout: 120_000,
      env: {
        PATH: process.env['PATH'],
        HOME: folder.path,
        // Calls to this machine must never use the proxy.
        ...(entry === 'node' && { HTTP_PROXY: gone.host, http_proxy: gone.host }),
        NO_PROXY: '.invalid',
        CONTRACT: JSON.stringify({
          entry,
          host: server.host,
          gone: gone.host,
          secure: `https://127.0.0.1:${(secure.address() as AddressInfo).port}`,
          ca: selfSigned.cert,
          proxy: proxy.url,
          socketPath,
          file: await folder.write('model.gguf', bytes),
        }),
      },
    });
    await server.allClosed();
    const sent = server.requestsTo('/api/chat').map((request) => [nameOf(request), request.outcome]);
    const outcomes: Record<string, string> = Object.fromEntries(sent);
    return { report: JSON.parse(stdout) as object, stderr, outcomes, proxied: proxy.seen.map(({ line }) => line) };
  } finally {
    for (const other of [secure, onSocket]) {
      other.closeAllConnections();
      other.close();
    }
  }
}

const expected = {
  whole: 'Hello',
  pieces: ['Hel', 'lo', ''],
  left: true,
  cancelled: 'aborted firstByte',
  cancelledInBody: expect.stringMatching(/^aborted body /),
  firstByte: 'timeout firstByte',
  idle: 'timeout idle',
  total: 'timeout total',
  notFound: 'model_not_found firstByte',
  // Deno reports the reset before it returns the lines that arrived before it.
  reset: expect.stringMatching(/^reset (body|firstByte)$/),
  truncated: 'truncated body',
  vectors: 2,
  digest: digestOf(new TextEncoder().encode('some bytes')),
  has: true,
  refused: 'refused connect',
  dns: 'dns connect',
  tls: 'tls connect',
};
const onNode = {
  file: digestOf(bytes),
  ca: '1.2.3',
  insecure: '1.2.3',
  proxy: expect.any(String),
  environment: expect.any(String),
  socket: '1.2.3',
};

describe.each(runtimes)('$name', (runtime) => {
  // Sequential, because each test starts a process.
  test.skipIf(runtime.program === undefined).each(['node', 'fetch'] as const)('/%s', async (entry) => {
    const { report, stderr, outcomes, proxied } = await play(runtime, entry);
    expect(report).toEqual({ ...expected, ...(entry === 'node' && onNode) });
    // Aborted, cancelled and timed-out calls have closed their connections.
    for (const [name, [, outcome]] of Object.entries(chats)) {
      if (outcomes[name] !== undefined || !short.includes(name)) expect(outcomes[name], name).toEqual(outcome);
    }
    expect(proxied).toEqual(entry === 'node' ? [expect.stringMatching(/^(GET http|CONNECT )/)] : []);
    expect(stderr).toBe('');
  });
});
