/** The rows of the MCP server. Their contestants are complete servers, started like by hosts. */
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { message } from '../rounds.ts';
import type { Bar, Line } from '../row.ts';
import { measureChat } from './chat.ts';
import { bareServers, ours, peersIn, type Server } from './contestants.ts';
import { measureGrowth } from './growth.ts';
import { measureLeaving } from './leaving.ts';
import { measureResults } from './results.ts';
import { ServerProcess } from './server-process.ts';
import { measureStart } from './start.ts';
import { measureTokens } from './tokens.ts';

interface Contest {
  peers: readonly Server[];
  /** For files of the run. */
  folder: string;
  /** Address of Ollama. */
  host: string;
  rounds: number | undefined;
}

interface Measured {
  lines: Line[];
  bars?: Bar[];
}

const rows: Readonly<Record<string, (contest: Contest) => Promise<Measured>>> = {
  'mcp-start': async ({ folder, peers, host, rounds }) =>
    measureStart(ours, await bareServers(folder), peers, host, rounds),
  'mcp-chat': async ({ peers, host, rounds }) => ({ lines: await measureChat(ours, peers, host, rounds) }),
  'mcp-list': async ({ peers, host }) => ({ lines: await measureTokens(ours, peers, host) }),
  'mcp-results': async ({ peers, host }) => ({ lines: await measureResults(ours, peers, host) }),
  'mcp-growth': async ({ host }) => ({ lines: [await measureGrowth(ours, host)] }),
  'mcp-leaving': async ({ peers }) => ({ lines: await measureLeaving(ours, peers) }),
};

/** For `--row`. */
export const mcpRows: readonly string[] = Object.keys(rows);
/** For `--profile`. The other rows have no timings. */
export const mcpProfiles = ['mcp-start', 'mcp-chat'];

async function contest<Result>(work: (host: string, folder: string) => Promise<Result>) {
  const folder = mkdtempSync(join(tmpdir(), 'toolbelt-bench-'));
  const ollama = fork(fileURLToPath(new URL('./small-ollama.ts', import.meta.url)));
  try {
    return await work(`http://127.0.0.1:${await message(ollama, 'the server of the MCP rows')}`, folder);
  } finally {
    ollama.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param ids rows to measure; by default all */
export const measureMcp = (
  peersFolder: string,
  rounds: number | undefined,
  say: (words: string) => void,
  ids: readonly string[] = mcpRows,
): Promise<Required<Measured>> =>
  contest(async (host, folder) => {
    const shared = { peers: peersIn(peersFolder), folder, host, rounds };
    const all: Required<Measured> = { lines: [], bars: [] };
    for (const id of ids) {
      say(id);
      const { lines, bars = [] } = (await rows[id]?.(shared)) ?? { lines: [] };
      all.lines.push(...lines);
      all.bars.push(...bars);
    }
    return all;
  });

const PROFILED_CALLS = 3_000;
const PATIENCE_MS = 10_000;

/** Writes a profile of each server for a row. A server that does not exit at the end of its input writes none. */
export const profileMcp = (id: string, peersFolder: string, into: string): Promise<void> =>
  contest(async (host, folder) => {
    const servers = [ours, ...(id === 'mcp-start' ? [(await bareServers(folder)).stdio] : []), ...peersIn(peersFolder)];
    for (const { name, script, chatTool = '' } of servers) {
      const profiles = join(into, name.replaceAll(' ', '-'));
      mkdirSync(profiles, { recursive: true });
      await using server = new ServerProcess(script, host, { execArgv: ['--cpu-prof', `--cpu-prof-dir=${profiles}`] });
      await server.listTools();
      const chat = { model: 'm', messages: [{ role: 'user', content: 'x' }] };
      if (id === 'mcp-chat')
        for (let count = 0; count < PROFILED_CALLS; count += 1) await server.callTool(chatTool, chat);
      server.child.stdin.end();
      await server.endsWithin(PATIENCE_MS);
    }
  });
