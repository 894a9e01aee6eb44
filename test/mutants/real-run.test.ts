import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('tests notice some faults of a file', { timeout: 300_000 }, () => {
  const report = mkdtempSync(join(tmpdir(), 'mutants-test-'));
  try {
    const tests = 'packages/core/src/wire/usage.test.ts';
    const args = ['packages/core/src/wire/usage.ts', '--tests', tests, '--report', report];
    const program = join(import.meta.dirname, 'run.ts');
    const { stdout } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
    const [, noticed, missed] = /wire\/usage\.ts: (\d+) noticed, \d+ survived, (\d+) not run/.exec(stdout) ?? [];
    expect(Number(noticed)).toBeGreaterThan(5);
    expect(Number(missed)).toBeLessThan(5);
    const page = readFileSync(join(report, 'core/index.html'), 'utf8');
    expect(page).toContain('"status":"Killed"');
    expect(existsSync(join(report, 'core/viewer.js'))).toBe(true);
  } finally {
    rmSync(report, { recursive: true });
  }
});
