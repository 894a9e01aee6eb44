import { createOllama } from '@ollama-toolbelt/core/node';
import type { Line } from '../row.ts';
import type { Server } from './contestants.ts';
import { type Door, ownDoors, stdio } from './doors.ts';

const CALLS = 600;
/** Warm-up calls, which compile code and open connections. */
const WARM_UP = 300;
const messages = [{ role: 'user' as const, content: 'x' }];
const chat = { model: 'm', messages };

interface Times {
  p50: number;
  p99: number;
}

async function timesOf(lanes: number, run: () => Promise<unknown>): Promise<Times> {
  const times: number[] = [];
  const lane = async () => {
    for (let index = 0; index < (WARM_UP + CALLS) / lanes; index += 1) {
      const begin = performance.now();
      await run();
      if (index >= WARM_UP / lanes) times.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

/** Times of a server in rounds of 900 calls. */
async function timesOfServer({ script, chatTool = '' }: Server, door: Door, lanes: number, host: string) {
  await using client = await door.open(script, host);
  await client.listTools();
  // Without `await` the client would be closed first.
  return await timesOf(lanes, () => client.callTool(chatTool, chat));
}

/** A small chat with the tool, and directly with the core. */
export async function measureChat(ours: Server, peers: readonly Server[], host: string): Promise<Line[]> {
  const lines: Line[] = [];
  const shown = ({ p50, p99 }: Times) => `${p50.toFixed(2)} ms p50, ${p99.toFixed(2)} ms p99`;
  for (const lanes of [1, 16]) {
    for (const door of [stdio, ...ownDoors]) {
      await using core = createOllama({ host, concurrency: 2 });
      const direct = await timesOf(lanes, () => core.chat(chat));
      const own = await timesOfServer(ours, door, lanes, host);
      const what = `MCP: a small chat over ${door.name}, ${lanes === 1 ? 'one after another' : `${lanes} at once`}`;
      for (const [key, most] of [
        ['p50', 0.5],
        ['p99', 2],
      ] as const) {
        const added = own[key] - direct[key];
        lines.push({
          what,
          against: `the core, ${key}`,
          reach: `≤ +${most} ms`,
          measured: `${added >= 0 ? '+' : ''}${added.toFixed(2)} ms`,
          isReached: Number(added.toFixed(2)) <= most,
          ours: shown(own),
          theirs: shown(direct),
        });
      }
      for (const peer of door === stdio ? peers : []) {
        const other = await timesOfServer(peer, door, lanes, host);
        lines.push({
          what,
          against: `${peer.name}, p50`,
          reach: '≤ 1×',
          measured: `${(own.p50 / other.p50).toFixed(2)}×`,
          isReached: own.p50 <= other.p50,
          ours: shown(own),
          theirs: shown(other),
        });
      }
    }
  }
  return lines;
}
