import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { peerVersions } from './peers.ts';
import { plot } from './plot.ts';
import { markdownTable, time } from './report.ts';
import type { Bar, Line } from './row.ts';

const docs = (name: string) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));

interface Results {
  lines: readonly Line[];
  streamBars: readonly Bar[];
  startBars: readonly Bar[];
  minutes: number;
  /** Maximum rounds for each contestant, if the run was shortened. */
  rounds: number | undefined;
  /** CPU time of the server for the core's rows. */
  serverMs: number;
}

const BEGIN = '<!-- results -->';
const END = '<!-- end of results -->';

/** Writes the results of a run between the marks in docs/benchmarks.md. The text around them is written by hand. */
export async function writeDocument({
  lines,
  streamBars,
  startBars,
  minutes,
  rounds,
  serverMs,
}: Results): Promise<void> {
  writeFileSync(docs('images/benchmark-streaming.svg'), plot('CPU for a streamed token', 'µs', streamBars));
  writeFileSync(docs('images/benchmark-start.svg'), plot('Start of an MCP server', 'ms', startBars));
  const { version } = JSON.parse(readFileSync(new URL('../packages/core/package.json', import.meta.url), 'utf8'));
  const peers = Object.entries(peerVersions).map(([name, peer]) => `${name} ${peer}`);
  const reached = lines.filter(({ isReached }) => isReached === true).length;
  const missed = lines.filter(({ isReached }) => isReached === false).length;
  const [load = 0] = loadavg();
  const short = ` with at most ${rounds ?? 7} rounds for a contestant, and fewer where they take long`;
  const about = [
    `Measured on ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${cpus().length} cores of`,
    `${cpus()[0]?.model.trim() ?? 'an unknown processor'}, in ${minutes.toFixed(1)} minutes${short}: Ollama Toolbelt ${version}, ${peers.join(', ')}.`,
    `The load of the machine at the end was ${load.toFixed(1)}; more than its number of cores means that others ran beside.`,
    `The server of the core's rows used ${time(serverMs)} of CPU in a process of its own, which is in none of the figures.`,
    `Of the lines with something to reach, ${reached} reach it and ${missed} do not.`,
  ];
  const results = [
    BEGIN,
    '',
    about.join('\n'),
    '',
    '![CPU for a streamed token](images/benchmark-streaming.svg)',
    '',
    '![Start of an MCP server](images/benchmark-start.svg)',
    '',
    markdownTable(lines),
    '',
    END,
  ].join('\n');
  const text = readFileSync(docs('benchmarks.md'), 'utf8');
  const before = text.slice(0, text.indexOf(BEGIN));
  const after = text.slice(text.indexOf(END) + END.length);
  writeFileSync(docs('benchmarks.md'), `${before}${results}${after}`);
}
