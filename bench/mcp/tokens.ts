import { createRequire } from 'node:module';
import type { Line } from '../row.ts';
import type { Server } from './contestants.ts';
import { ServerProcess } from './server-process.ts';

/** A tokenizer from the dependencies of the tests. */
const { encode } = createRequire(new URL('../../test/package.json', import.meta.url))('gpt-tokenizer') as {
  encode: (text: string) => number[];
};

/** Tokens of each tool in the context of a host's model: name, description and input schema. */
export async function measureTokens(ours: Server, peers: readonly Server[], host: string): Promise<Line[]> {
  const counted = new Map<Server, { tools: number; tokens: number }>();
  for (const server of [ours, ...peers]) {
    await using client = new ServerProcess(server.script, host);
    const tools = await client.listTools();
    const seen = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    counted.set(server, { tools: tools.length, tokens: encode(JSON.stringify(seen)).length });
  }
  const perTool = (server: Server) => {
    const { tools, tokens } = counted.get(server) as { tools: number; tokens: number };
    return tokens / tools;
  };
  const shown = (server: Server) => {
    const { tools, tokens } = counted.get(server) as { tools: number; tokens: number };
    return `${tokens} tokens, ${tools} tools`;
  };
  return peers.map((peer) => ({
    what: 'MCP: tokens of the list, for each tool',
    against: peer.name,
    reach: '≤ 1×',
    measured: `${(perTool(ours) / perTool(peer)).toFixed(2)}×`,
    isReached: perTool(ours) <= perTool(peer),
    ours: shown(ours),
    theirs: shown(peer),
  }));
}
