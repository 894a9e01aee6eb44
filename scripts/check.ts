/**
 * Checks what can be checked without a test, and tells all that is wrong in one run: a new field that three files lack
 * is three complaints, not one after the other.
 *
 *   pnpm check
 */
import { spawnSync } from 'node:child_process';

interface Step {
  name: string;
  command: readonly [program: string, ...args: string[]];
  /** Needs what the build makes. */
  afterBuild?: true;
  /** What may mend it. */
  advice?: string;
}

const steps: readonly Step[] = [
  { name: 'build', command: ['pnpm', 'run', 'build'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'types of the n8n nodes', command: ['tsc', '--noEmit', '-p', 'packages/n8n-nodes'] },
  {
    name: 'lint and format',
    command: ['biome', 'ci', '.'],
    advice: '"pnpm fix" mends the format and some of the rest',
  },
  {
    name: 'prose',
    command: ['node', 'scripts/check-prose.ts'],
    advice: 'scripts/prose/house-words.ts has what the house says instead',
  },
  { name: 'unused code', command: ['knip'] },
  { name: 'neutral entry', command: ['node', 'scripts/check-neutral.ts'], afterBuild: true },
  { name: 'workflows', command: ['node', 'scripts/check-workflows.ts'] },
];

const failed: Step[] = [];
for (const step of steps) {
  if (step.afterBuild && failed.some(({ name }) => name === 'build')) continue;
  const [program, ...args] = step.command;
  // Windows starts the programs of packages through scripts of its shell.
  const { status } = spawnSync(program, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) failed.push(step);
}
if (failed.length > 0) {
  console.error(`\nThe check failed:`);
  for (const { name, command, advice } of failed) {
    console.error(`  - ${name}: ${command.join(' ')}${advice === undefined ? '' : ` (${advice})`}`);
  }
  process.exitCode = 1;
}
