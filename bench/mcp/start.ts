import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { inTurns } from '../rounds.ts';
import type { Bar, Line } from '../row.ts';
import { type ClientTransport, ownTransports, stdio } from './client-transports.ts';
import type { BareServers, Server } from './contestants.ts';
import { ServerProcess } from './server-process.ts';

const ROUNDS = 11;
/** Ours writes its compiled code 100 ms after it is loaded. Hosts keep a server for longer than that. */
const KEPT_MS = 500;
const EMPTY = 'an empty Node';

interface Start {
  wall: number;
  cpu: number;
  rss: number;
}

/** Starts a server, reads its list of tools, and keeps it for a while. */
async function start({ script }: Server, transport: ClientTransport, host: string, keptMs: number): Promise<Start> {
  const begin = performance.now();
  await using client = await transport.open(script, host);
  await client.listTools();
  const wall = performance.now() - begin;
  const costs = { wall, cpu: await client.cpuMs(), rss: await client.rssMb() };
  await sleep(keptMs);
  return costs;
}

/** An empty Node process: the lower bound for all servers. */
async function emptyNode(): Promise<Start> {
  const begin = performance.now();
  await using node = new ServerProcess('--eval=process.stdin.resume(); console.log("{}")', '');
  await once(node.child.stdout, 'data');
  return { wall: performance.now() - begin, cpu: await node.cpuMs(), rss: await node.rssMb() };
}

export async function measureStart(
  ours: Server,
  bare: BareServers,
  peers: readonly Server[],
  host: string,
  rounds = ROUNDS,
): Promise<{ lines: Line[]; bars: Bar[] }> {
  const by = ({ name }: Server, transport: ClientTransport) => `${name}, ${transport.name}`;
  const contestants = [
    ...[stdio, ...ownTransports].flatMap((transport) =>
      [ours, bare[transport.bare]].map((server) => ({ server, transport })),
    ),
    ...peers.map((server) => ({ server, transport: stdio })),
  ];
  const starts = new Map<string, (isWarmUp: boolean) => Promise<Start>>(
    contestants.map(({ server, transport }) => [
      by(server, transport),
      (isWarmUp) => start(server, transport, host, isWarmUp ? KEPT_MS : 0),
    ]),
  );
  starts.set(EMPTY, emptyNode);
  // The first start fills caches for later ones.
  const measured = await inTurns<keyof Start>(starts, { rounds, warmUp: 1 });
  const of = (name: string, key: keyof Start) => measured.get(name)?.[key] ?? Number.NaN;
  const shown = (name: string) =>
    `${of(name, 'cpu').toFixed(0)} ms CPU, ${of(name, 'wall').toFixed(0)} ms wall, ${of(name, 'rss').toFixed(1)} MB`;
  const ratio = (server: Server, most: number | undefined, transport = stdio, theirTransport = stdio): Line => {
    const share = of(by(ours, transport), 'cpu') / of(by(server, theirTransport), 'cpu');
    return {
      what: `MCP: from start to the list of tools${transport === stdio ? '' : `, ${transport.name}`}`,
      against: server.name,
      reach: most === undefined ? '' : `≤ ${most}×`,
      measured: `${share.toFixed(2)}×`,
      isReached: most === undefined ? undefined : Number(share.toFixed(2)) <= most,
      ours: shown(by(ours, transport)),
      theirs: shown(by(server, theirTransport)),
    };
  };
  const memory = (transport: ClientTransport): Line => {
    const [own, theirs] = [ours, bare[transport.bare]].map((server) => of(by(server, transport), 'rss')) as [
      number,
      number,
    ];
    const above = own - theirs;
    return {
      what: `MCP: memory after the list of tools${transport === stdio ? '' : `, ${transport.name}`}`,
      against: bare[transport.bare].name,
      reach: '≤ +6 MB',
      measured: `${above >= 0 ? '+' : ''}${above.toFixed(1)} MB`,
      isReached: above <= 6,
      ours: `${own.toFixed(1)} MB`,
      theirs: `${theirs.toFixed(1)} MB`,
    };
  };
  const [first, ...others] = peers;
  const lines = [
    ...others.map((peer) => ratio(peer, undefined)),
    ...[stdio, ...ownTransports].flatMap((transport) => [
      // The peers have no HTTP.
      ...(first && transport.bare !== 'http' ? [ratio(first, 0.5, transport)] : []),
      ratio(bare[transport.bare], 1.1, transport, transport),
      memory(transport),
    ]),
  ];
  const servers = [ours, bare.stdio, ...peers];
  const bars = [EMPTY, ...servers.map(({ name }) => name)].map((name, index) => ({
    group: 'From start to the list of tools, CPU',
    name,
    value: of(index === 0 ? EMPTY : `${name}, ${stdio.name}`, 'cpu'),
  }));
  return { lines, bars };
}
