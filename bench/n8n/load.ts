import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from '../rounds.ts';
import type { Line } from '../row.ts';

const ROUNDS = 11;
const MOST_MS = 40;
const MOST_BYTES = 150_000;
const dist = (name: string) => fileURLToPath(new URL(`../../packages/n8n-nodes/dist/${name}`, import.meta.url));
const bundle = dist('bundle.js');
const node = dist('nodes/OllamaBelt/OllamaBelt.node.js');

/** Loads n8n-workflow first, without counting it, because n8n loads it long before a node. */
const script = `
require('n8n-workflow');
const before = process.cpuUsage();
require(process.argv[1]);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000);
`;

/** Measures what n8n loads at its start. */
export async function measureLoad(): Promise<Line[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, node], {
      cwd: fileURLToPath(new URL('../../packages/n8n-nodes', import.meta.url)),
    });
    times.push(Number(stdout));
  }
  const ms = median(times);
  const { size } = statSync(bundle);
  const plain = { against: '', theirs: '' };
  return [
    {
      ...plain,
      what: 'n8n: loading the node, CPU',
      reach: `≤ ${MOST_MS} ms`,
      measured: `${ms.toFixed(0)} ms`,
      isReached: ms <= MOST_MS,
      ours: '',
    },
    {
      ...plain,
      what: 'n8n: the bundle of the nodes',
      reach: `≤ ${MOST_BYTES / 1000} kB`,
      measured: `${(size / 1000).toFixed(0)} kB`,
      isReached: size <= MOST_BYTES,
      ours: '',
    },
  ];
}
