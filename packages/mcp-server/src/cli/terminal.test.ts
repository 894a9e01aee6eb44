import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Files that may write to the streams of the process, and the lines that do. */
const allowed: Readonly<Record<string, RegExp>> = {
  // Escapes everything that it writes.
  'cli/terminal.ts': /.*/,
  // Writes JSON, which escapes control characters.
  'transports/stdio-transport.ts': /^process\.stdout\.write\(`\$\{JSON\.stringify\(message\)\}\\n`\)/,
  'transports/stdio.ts': /^process\.stdout\.write\(''/,
  'cli/run-until-signal.ts': /^process\.stdout\.on\('error'/,
};

test('nothing else writes to the terminal', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const files = globSync('**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
  expect(files.length).toBeGreaterThan(50);
  const writing = files.flatMap((file) => {
    const name = file.replaceAll('\\', '/');
    const code = readFileSync(`${root}/${file}`, 'utf8').replaceAll(/^ *\* .*/gm, '');
    const found = code.match(/(process\.std(out|err)|console\b|std(out|err)\.write).*/g);
    return (found ?? []).filter((use) => !allowed[name]?.test(use)).map((use) => `${name}: ${use}`);
  });
  expect(writing).toEqual([]);
});
