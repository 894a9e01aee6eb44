import { createOllama } from '@ollama-toolbelt/core/node';
import { inTurns } from '../rounds.ts';
import type { Line } from '../row.ts';
import { type ClientTransport, ownTransports, stdio } from './client-transports.ts';
import type { Server } from './contestants.ts';

/** Calls of one contestant in one round. */
const CALLS = 400;
const ROUNDS = 5;
/** Rounds that do not count, in which code is compiled and connections are opened. */
const WARM_UP = 3;
const messages = [{ role: 'user' as const, content: 'x' }];
const chat = { model: 'm', messages };
const CORE = 'the core';

interface Times {
  p50: number;
  p99: number;
}

async function timesOf(lanes: number, run: () => Promise<unknown>): Promise<Times> {
  const times: number[] = [];
  const lane = async () => {
    for (let index = 0; index < CALLS / lanes; index += 1) {
      const begin = performance.now();
      await run();
      times.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

/** A small chat with the tool, and directly with the core. */
export async function measureChat(
  ours: Server,
  peers: readonly Server[],
  host: string,
  rounds = ROUNDS,
): Promise<Line[]> {
  const lines: Line[] = [];
  for (const lanes of [1, 16]) {
    await using opened = new AsyncDisposableStack();
    const calls = new Map<string, () => Promise<Times>>();
    // The server of this row answers any number at a time.
    const core = opened.use(createOllama({ host, concurrency: lanes }));
    const ourArgs = ['--concurrency', `${lanes}`];
    calls.set(CORE, () => timesOf(lanes, () => core.chat(chat)));
    const open = async (
      { script, chatTool = '' }: Server,
      transport: ClientTransport,
      name: string,
      args?: readonly string[],
    ) => {
      const client = opened.use(await transport.open(script, host, args));
      await client.listTools();
      calls.set(name, () => timesOf(lanes, () => client.callTool(chatTool, chat)));
    };
    for (const transport of [stdio, ...ownTransports]) await open(ours, transport, transport.name, ourArgs);
    for (const peer of peers) await open(peer, stdio, peer.name);
    lines.push(...linesOf(await inTurns<keyof Times>(calls, { rounds, warmUp: WARM_UP }), peers, lanes));
  }
  return lines;
}

const shown = ({ p50, p99 }: Times) => `${p50.toFixed(2)} ms p50, ${p99.toFixed(2)} ms p99`;
const goals = [
  ['p50', 0.5],
  ['p99', 2],
] as const;

function linesOf(times: ReadonlyMap<string, Times>, peers: readonly Server[], lanes: number): Line[] {
  const of = (name: string) => times.get(name) ?? { p50: Number.NaN, p99: Number.NaN };
  return [stdio, ...ownTransports].flatMap((transport) => {
    const own = of(transport.name);
    const what = `MCP: a small chat over ${transport.name}, ${lanes === 1 ? 'one after another' : `${lanes} at once`}`;
    const added = goals.map(([key, most]): Line => {
      const more = own[key] - of(CORE)[key];
      return {
        what,
        against: `${CORE}, ${key}`,
        reach: `≤ +${most} ms`,
        measured: `${more >= 0 ? '+' : ''}${more.toFixed(2)} ms`,
        isReached: Number(more.toFixed(2)) <= most,
        ours: shown(own),
        theirs: shown(of(CORE)),
      };
    });
    const ahead = (transport === stdio ? peers : []).map(
      ({ name }): Line => ({
        what,
        against: `${name}, p50`,
        reach: '≤ 1×',
        measured: `${(own.p50 / of(name).p50).toFixed(2)}×`,
        isReached: own.p50 <= of(name).p50,
        ours: shown(own),
        theirs: shown(of(name)),
      }),
    );
    return [...added, ...ahead];
  });
}
