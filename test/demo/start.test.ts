/** How `pnpm demo` gets to the demo: what it installs and builds, what it says of that, and how it ends. */
import { execFile } from 'node:child_process';
import { cp, readFile, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '../fixtures/core/temp-folder.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

async function outcomeOf(program: string, args: string[], options: object): Promise<Outcome> {
  return run(program, args, { timeout: 120_000, ...options }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout: String(stdout), stderr: String(stderr) }),
    (error: Outcome) => error,
  );
}

describe('in a repository that is not built', () => {
  let root = '';
  /** Stands where pnpm is: it tells what it is asked for, and "builds". */
  const pnpm = `
    import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
    import { dirname } from 'node:path';
    const args = process.argv.slice(2).join(' ');
    appendFileSync('asked.txt', args + '\\n');
    console.log('sixty lines of a tool: ' + args);
    if (args.includes(process.env.FAILING ?? 'nothing')) {
      console.error('the reason');
      process.exit(3);
    }
    const made = args.startsWith('install') ? 'node_modules/.modules.yaml' : 'packages/mcp-server/dist/cli.js';
    mkdirSync(dirname(made), { recursive: true });
    writeFileSync(made, '');`;

  beforeEach(async () => {
    const folder = await tempFolder();
    onTestFinished(() => folder[Symbol.asyncDispose]());
    root = folder.path;
    const files: Record<string, string> = {
      'pnpm.mjs': pnpm,
      'pnpm-lock.yaml': '',
      'pnpm-workspace.yaml': '',
      'demo/package.json': '{}',
      'demo/main.ts': 'console.log("the story", ...process.argv.slice(2)); process.exitCode = 5;',
      'packages/core/src/client.ts': '',
      'packages/core/package.json': '',
      'packages/mcp-server/src/cli.ts': '',
      'packages/mcp-server/package.json': '',
      'packages/mcp-server/tsup.config.ts': '',
    };
    for (const [name, text] of Object.entries(files)) await folder.write(name, text);
    await cp(join(repository, 'demo/start.mjs'), join(root, 'demo/start.mjs'));
    await symlink(join(repository, 'demo/node_modules'), join(root, 'demo/node_modules'));
  });

  const start = (args: string[] = [], env: object = {}) =>
    outcomeOf(process.execPath, [join(root, 'demo/start.mjs'), ...args], {
      env: { ...process.env, npm_execpath: join(root, 'pnpm.mjs'), ...env },
    });
  const change = (file: string) => {
    const later = new Date(Date.now() + 60_000);
    return utimes(join(root, file), later, later);
  };
  const asked = async () => (await readFile(join(root, 'asked.txt'), 'utf8')).trim().split('\n');

  test('installs only what the demo needs, builds only the server, and passes arguments on', async () => {
    const { stdout, stderr, code } = await start(['--pull', 'm']);
    expect(stdout.replace(/\d+\.\d s/g, '# s')).toBe('Install: done in # s\nBuild: done in # s\nthe story --pull m\n');
    expect({ stderr, code }).toEqual({ stderr: '', code: 5 });
    expect(await asked()).toEqual([
      'install --frozen-lockfile --config.minimumReleaseAge=0 --filter @ollama-toolbelt/demo...',
      '--filter @ollama-toolbelt/mcp-server exec tsup',
    ]);
  });

  test('does again only what a change asks for', async () => {
    await start();
    expect((await start()).stdout).toBe('Install: up to date\nBuild: up to date\nthe story\n');
    await change('demo/package.json');
    expect((await start()).stdout).toMatch(/^Install: done in .*\nBuild: up to date\n/);
    await change('packages/core/src/client.ts');
    expect((await start()).stdout).toMatch(/\nBuild: done in /);
    const [, , again, ...last] = await asked();
    expect(again).toMatch(/^install/);
    expect(last.at(-1)).toMatch(/tsup$/);
  });

  test.each(['install', 'build'])('shows all that was said if the %s fails, and ends there', async (failing) => {
    const { stdout, stderr, code } = await start([], { FAILING: failing === 'build' ? 'tsup' : failing });
    expect(stderr).toContain('sixty lines of a tool: ');
    expect(stderr).toMatch(/the reason\n(Install|Build): failed\. "pnpm demo --verbose" shows it as it happens\.\n$/);
    expect(stdout).not.toContain('the story');
    expect(code).toBe(3);
  });

  test('--verbose shows it as it happens, and is not an argument of the demo', async () => {
    const { stdout } = await start(['--verbose']);
    expect(stdout).toContain('sixty lines of a tool: install');
    expect(stdout).toMatch(/the story\n$/);
  });
});
