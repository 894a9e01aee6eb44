import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Played } from '../fixtures/faults/play-all.ts';

const script = fileURLToPath(new URL('../fixtures/faults/play-all.ts', import.meta.url));

test('a process that exits on unhandled rejections survives every fault', async () => {
  const flags = ['--unhandled-rejections=strict', '--conditions=source', '--no-warnings'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script], { maxBuffer: 1 << 26 });
  const { caught, others } = JSON.parse(stdout) as Played;
  expect(others).toEqual([]);
  expect(caught).toBeGreaterThan(3000);
});
