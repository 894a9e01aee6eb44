import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

interface Configuration {
  name: string;
  request: string;
  program?: string;
  args?: string[];
  runtimeExecutable?: string;
  preLaunchTask?: string;
}

const read = (file: string) => JSON.parse(readFileSync(`${repository}/.vscode/${file}`, 'utf8'));
const { configurations } = read('launch.json') as { configurations: Configuration[] };
const { tasks } = read('tasks.json') as { tasks: { label: string }[] };

const folder = /\$\{workspaceFolder\}/g;
const inWorkspace = (path = '') => path.replaceAll(folder, repository);

test.each(configurations.filter(({ request }) => request === 'launch'))(
  'the debug configuration "$name" starts files that exist',
  ({ program, runtimeExecutable, args = [], preLaunchTask }) => {
    for (const file of [program, runtimeExecutable]) expect(existsSync(inWorkspace(file)), file).toBe(true);
    for (const arg of args.filter((arg) => arg.match(folder))) expect(existsSync(inWorkspace(arg)), arg).toBe(true);
    if (preLaunchTask !== undefined) expect(tasks.map(({ label }) => label)).toContain(preLaunchTask);
  },
);
