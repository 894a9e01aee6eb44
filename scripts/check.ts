/**
 * Runs every check that needs no test, and reports all problems in one run: a new field that three files lack is three
 * errors at once. The steps run in parallel, and each one's output is shown at its end.
 *
 *   pnpm check
 */
import { spawn } from 'node:child_process';

interface Step {
  name: string;
  command: readonly [program: string, ...args: string[]];
  /** Needs the build output. */
  afterBuild?: true;
  /** The command that may fix it. */
  advice?: string;
}

const build: Step = { name: 'build', command: ['pnpm', '-r', '--filter', './packages/*', 'run', 'build'] };
const others: readonly Step[] = [
  { name: 'types', command: ['tsc', '--noEmit'] },
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
  { name: 'workflows', command: ['node', 'scripts/check-workflows.ts'] },
  { name: 'types of the n8n nodes', command: ['tsc', '--noEmit', '-p', 'packages/n8n-nodes'], afterBuild: true },
  { name: 'unused code', command: ['knip'], afterBuild: true },
  { name: 'neutral entry', command: ['node', 'scripts/check-neutral.ts'], afterBuild: true },
];

const failed: Step[] = [];
const built = passes(build);
await Promise.all([built, ...others.map(async (step) => (!step.afterBuild || (await built)) && passes(step))]);
if (failed.length > 0) {
  console.error(`\nThe check failed:`);
  for (const { name, command, advice } of failed) {
    console.error(`  - ${name}: ${command.join(' ')}${advice === undefined ? '' : ` (${advice})`}`);
  }
  process.exitCode = 1;
}

async function passes(step: Step): Promise<boolean> {
  const [program, ...args] = step.command;
  // On Windows, the programs of packages are scripts that only its shell starts.
  const child = spawn(program, args, {
    stdio: ['inherit', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    env: { ...(process.stdout.isTTY && { FORCE_COLOR: '1' }), ...process.env },
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => output.push(piece));
  const status = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      output.push(Buffer.from(`${error.message}\n`));
      resolve(null);
    });
    child.once('close', resolve);
  });
  process.stdout.write(Buffer.concat(output));
  if (status !== 0) failed.push(step);
  return status === 0;
}
