import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Line } from '../row.ts';
import type { Server } from './contestants.ts';
import { ServerProcess } from './server-process.ts';

const PATIENCE_MS = 3_000;

/** Whether a cancelled call closes its connection, and whether the end of stdin ends the process during a call. */
async function leaving({ script, chatTool = '' }: Server): Promise<{ cancel: boolean; eof: boolean }> {
  let opened: () => void = () => {};
  let closed: () => void = () => {};
  // Accepts a call and never answers.
  const silent = createServer((request, response) => {
    request.resume();
    response.on('close', () => closed());
    opened();
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  try {
    await using server = new ServerProcess(script, `http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    await server.listTools();
    const call = async () => {
      const reached = new Promise<void>((resolve) => {
        opened = resolve;
      });
      const left = new Promise<boolean>((resolve) => {
        closed = () => resolve(true);
      });
      const messages = [{ role: 'user', content: 'x' }];
      const { id } = server.start('tools/call', { name: chatTool, arguments: { model: 'm', messages } });
      await reached;
      return { id, left };
    };
    const first = await call();
    server.send({ method: 'notifications/cancelled', params: { requestId: first.id, reason: 'bench' } });
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE_MS, false));
    const cancel = await Promise.race([first.left, late]);
    await call();
    server.child.stdin.end();
    return { cancel, eof: await server.endsWithin(PATIENCE_MS) };
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
}

export async function measureLeaving(ours: Server, peers: readonly Server[]): Promise<Line[]> {
  const own = await leaving(ours);
  const answer = ({ cancel, eof }: { cancel: boolean; eof: boolean }) =>
    `cancel ${cancel ? 'reaches Ollama' : 'does not reach Ollama'}, ${eof ? 'ends' : 'does not end'} with its input`;
  const lines: Line[] = [];
  for (const peer of peers) {
    lines.push({
      what: 'MCP: leaving in the middle of a call',
      against: peer.name,
      reach: '',
      measured: '',
      isReached: own.cancel && own.eof,
      ours: answer(own),
      theirs: answer(await leaving(peer)),
    });
  }
  return lines;
}
