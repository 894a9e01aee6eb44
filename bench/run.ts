/**
 * Measures the toolbelt, its peers and the baseline in turns in one run: read the ratios, not the times.
 *
 *   pnpm bench                   everything, as one Markdown table; also writes docs/benchmarks.md and its plots
 *   pnpm bench core|mcp|n8n      a part, printed only
 *   pnpm bench --rounds 2        fewer rounds, for a quick look or a busy machine
 *   pnpm bench --row ROW         one row, printed only
 *   pnpm bench --profile ROW     a CPU profile of each contestant of a row, for the developer tools of a browser
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureSizes } from './core/sizes.ts';
import { writeDocument } from './document.ts';
import { mcpProfiles, mcpRows, measureMcp, profileMcp } from './mcp/measure.ts';
import { itemRows, measureItems, profileItems } from './n8n/items.ts';
import { measureLoad } from './n8n/load.ts';
import { installedPeers } from './peers.ts';
import { barsOf, linesOf, markdownTable, time } from './report.ts';
import { measure, message } from './rounds.ts';
import type { Bar, Line } from './row.ts';
import { rows } from './rows.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const parts = ['core', 'mcp', 'n8n'];

const coreRows = rows.map(({ id }) => id);
const options = { profile: { type: 'string' }, row: { type: 'string' }, rounds: { type: 'string' } } as const;
const { values, positionals } = given();
const unknown = positionals.find((part) => !parts.includes(part));
const isKnown = (id: string | undefined, others: readonly string[]) =>
  id === undefined || coreRows.includes(id) || others.includes(id);
if (
  unknown !== undefined ||
  !isKnown(values.row, [...mcpRows, ...itemRows]) ||
  !isKnown(values.profile, [...mcpProfiles, ...itemRows])
)
  refuse();
const rounds = values.rounds === undefined ? undefined : Math.max(1, Number(values.rounds) || 1);
const wants = (part: string) => positionals.length === 0 || positionals.includes(part);
const say = (words: string) => process.stderr.write(`${words}\n`);

/** The results of this run. */
const lines: Line[] = [];
const streamBars: Bar[] = [];
let startBars: Bar[] = [];

async function cpuOf(server: ChildProcess): Promise<number> {
  server.send('cpu');
  return (await message(server, 'the server')) as number;
}

async function core(host: string, peers: string, server: ChildProcess): Promise<void> {
  const before = await cpuOf(server);
  for (const row of rows) {
    say(row.what);
    const measured = await measure(row, { host, peers }, { rounds });
    lines.push(...linesOf(row, measured));
    if (/^stream-/.test(row.id)) streamBars.push(...barsOf(row, measured));
  }
  lines.push(...(await measureSizes(peers)));
  const spent = (await cpuOf(server)) - before;
  say(`The server of these rows used ${time(spent)} of CPU.`);
}

async function mcp(peersFolder: string): Promise<void> {
  const measured = await measureMcp(peersFolder, rounds, say);
  startBars = measured.bars;
  lines.push(...measured.lines);
}

async function linesOfRow(id: string, host: string, peers: string): Promise<Line[]> {
  const row = rows.find((one) => one.id === id);
  if (row !== undefined) return linesOf(row, await measure(row, { host, peers }, { rounds }));
  if (itemRows.includes(id)) return measureItems(rounds, say, [id]);
  return (await measureMcp(peers, rounds, say, [id])).lines;
}

async function profile(id: string, host: string, peers: string): Promise<void> {
  const row = rows.find((one) => one.id === id);
  const folder = path(`./profiles/${id}`);
  mkdirSync(folder, { recursive: true });
  if (row === undefined) {
    if (itemRows.includes(id)) await profileItems(id, folder, say);
    else await profileMcp(id, peers, folder);
    say(`Profiles are in ${folder}.`);
    return;
  }
  await measure(row, { host, peers }, { rounds, profiles: folder });
  say(`Profiles of ${Object.keys(row.contestants).join(', ')} are in ${folder}.`);
}

const begin = performance.now();
say('Installing the peers, if they are not there.');
const peers = await installedPeers();
const server = fork(path('./server.ts'));
try {
  const host = `http://127.0.0.1:${await message(server, 'the server')}`;
  if (values.profile !== undefined) {
    await profile(values.profile, host, peers);
  } else if (values.row !== undefined) {
    console.log(markdownTable(await linesOfRow(values.row, host, peers)));
  } else {
    if (wants('core')) await core(host, peers, server);
    if (wants('mcp')) await mcp(peers);
    if (wants('n8n')) lines.push(...(await measureItems(rounds, say)), ...(await measureLoad()));
    console.log(markdownTable(lines));
    const minutes = (performance.now() - begin) / 60_000;
    say(`It took ${minutes.toFixed(1)} minutes.`);
    if (positionals.length === 0)
      await writeDocument({ lines, streamBars, startBars, minutes, rounds, serverMs: await cpuOf(server) });
  }
} finally {
  if (server.connected) server.disconnect();
}

function given() {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch {
    return refuse();
  }
}

/** Says what the arguments may be. */
function refuse(): never {
  const forBoth = [...coreRows, ...mcpProfiles, ...itemRows].join(', ');
  const forRow = mcpRows.filter((id) => !mcpProfiles.includes(id)).join(', ');
  console.error(`Parts: ${parts.join(', ')}. Rows for --row and --profile: ${forBoth}; for --row alone: ${forRow}.`);
  process.exit(2);
}
