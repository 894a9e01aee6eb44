/** Files that only an editor or a service reads also refer to our files and versions. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './repository-copy.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Launch {
  name: string;
  request: string;
  program?: string;
  preLaunchTask?: string;
  runtimeExecutable?: string;
}

test('every launch configuration of VS Code starts a program that exists', () => {
  const { configurations } = JSON.parse(read('.vscode/launch.json')) as { configurations: Launch[] };
  const { tasks } = JSON.parse(read('.vscode/tasks.json')) as { tasks: { label: string }[] };
  const programs = configurations.filter(({ request }) => request === 'launch');
  expect(programs.length).toBeGreaterThan(3);
  for (const { name, program = '', runtimeExecutable = '', preLaunchTask } of programs) {
    const path = (text: string) => text.replace('${' + 'workspaceFolder}', root);
    expect.soft(existsSync(path(program)), name).toBe(true);
    // The package `node` has its program there on every system; on Windows with `.exe`.
    expect.soft(existsSync(path(runtimeExecutable)) || existsSync(`${path(runtimeExecutable)}.exe`), name).toBe(true);
    if (preLaunchTask !== undefined) expect.soft(tasks.map(({ label }) => label)).toContain(preLaunchTask);
  }
});

test('Renovate finds every version that only one of our patterns matches', () => {
  const { customManagers } = JSON.parse(read('renovate.json')) as {
    customManagers: { managerFilePatterns: string[]; matchStrings: string[] }[];
  };
  const files = globSync(['.github/workflows/*.yml', 'scripts/**/*.ts'], { cwd: root }).map((file) =>
    file.replaceAll('\\', '/'),
  );
  const found = customManagers.flatMap(({ managerFilePatterns, matchStrings }) => {
    const patterns = managerFilePatterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
    return files
      .filter((file) => patterns.some((pattern) => pattern.test(file)))
      .flatMap((file) => matchStrings.flatMap((text) => [...read(file).matchAll(new RegExp(text, 'g'))]))
      .map(({ groups }) => groups?.['depName']);
  });
  expect([...new Set(found)].sort()).toEqual([
    'github.com/modelcontextprotocol/registry',
    'github.com/rhysd/actionlint',
    'moby/buildkit',
    'npm',
    'pnpm',
  ]);
});

test('the development container installs the same tools as CI for the optional tests', () => {
  const packages = ['chromium', 'fonts-dejavu-core', 'nginx', 'postgresql', 'redis-server'];
  for (const name of packages) expect(read('.devcontainer/Dockerfile')).toMatch(new RegExp(`\\b${name}\\b`));
});
