/** The files that describe a release: `server.json` and the Dockerfile. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { packageFacts } from '../../../packages/mcp-server/scripts/package-facts.ts';
import { serverJson } from '../../../packages/mcp-server/scripts/server-json.ts';

const inPackage = (path: string) => fileURLToPath(new URL(`../../../packages/mcp-server/${path}`, import.meta.url));
const readText = (path: string) => readFile(inPackage(path), 'utf8');
type Json = Record<string, unknown>;

describe('server.json', () => {
  /** Fields in the schema of 2025-12-11. */
  const documented = {
    server: ['$schema', 'name', 'title', 'description', 'version', 'websiteUrl', 'repository', 'packages'],
    repository: ['url', 'source', 'subfolder', 'id'],
    package: [
      'registryType',
      'registryBaseUrl',
      'identifier',
      'version',
      'runtimeHint',
      'transport',
      'environmentVariables',
    ],
    variable: ['name', 'description', 'format', 'isRequired', 'isSecret', 'default', 'choices', 'placeholder', 'value'],
  };

  test('matches the settings (the script `readme` updates it)', async () => {
    expect(JSON.parse(await readText('server.json'))).toEqual(serverJson(packageFacts()));
  });

  test('only has documented fields, within their limits', async () => {
    const server = JSON.parse(await readText('server.json')) as Json & {
      packages: (Json & { environmentVariables: Json[] })[];
    };
    const foreign = (value: unknown, fields: readonly string[]) =>
      Object.keys(value as Json).filter((key) => !fields.includes(key));
    expect(foreign(server, documented.server)).toEqual([]);
    expect(foreign(server['repository'], documented.repository)).toEqual([]);
    expect(server['name']).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
    expect(String(server['description']).length).toBeLessThanOrEqual(100);
    for (const item of server.packages) {
      expect(foreign(item, documented.package)).toEqual([]);
      expect(item['transport']).toEqual({ type: 'stdio' });
      for (const variable of item.environmentVariables) {
        expect(foreign(variable, documented.variable)).toEqual([]);
        expect(variable['name']).toMatch(/^OLLAMA_[A-Z_]+$/);
        expect(['string', 'number', 'boolean', 'filepath']).toContain(variable['format']);
        expect(variable['isSecret']).toBe(/KEY|TOKEN/.test(String(variable['name'])));
      }
    }
  });

  test('agrees with package.json in name and version', async () => {
    const { name, version, mcpName } = packageFacts();
    expect(JSON.parse(await readText('server.json'))).toMatchObject({
      name: mcpName,
      version,
      packages: [{ identifier: name, version }],
    });
    expect(await readText('Dockerfile')).toContain(`io.modelcontextprotocol.server.name="${mcpName}"`);
    const built = await promisify(execFile)(process.execPath, [inPackage('dist/cli.js'), '--version']);
    expect(built.stdout.trim()).toBe(version);
  });
});

describe('Dockerfile', () => {
  /** Source and target of each file that it copies. */
  async function copies(): Promise<{ from: string; to: string }[]> {
    const lines = (await readText('Dockerfile')).split('\n').filter((line) => line.startsWith('COPY '));
    return lines.flatMap((line) => {
      const words = line.split(/\s+/).slice(1);
      const to = words.pop() ?? '';
      return words.map((from) => ({ from, to }));
    });
  }

  test('runs without root rights', async () => {
    expect(await readText('Dockerfile')).toMatch(/^USER (?!root)\w+$/m);
  });

  test('every path that it copies exists and is in the build context', async () => {
    const context = (await readText('.dockerignore')).split('\n');
    for (const { from } of await copies()) {
      await expect(readText(from)).resolves.not.toBe('');
      expect(context).toContain(`!${from}`);
    }
  });

  test('it copies all files that the program loads on demand', async () => {
    const copied = (await copies()).map(({ from }) => from);
    for (const file of await readdir(inPackage('dist/on-demand'))) expect(copied).toContain(`dist/on-demand/${file}`);
  });

  test('its command starts with only the copied files', async () => {
    const root = await mkdtemp(join(await realpath(tmpdir()), 'ollama-toolbelt-docker-'));
    try {
      for (const { from, to } of await copies()) {
        await mkdir(join(root, to), { recursive: true });
        await cp(inPackage(from), join(root, to, basename(from)));
      }
      const text = await readText('Dockerfile');
      const words = (name: string) =>
        JSON.parse(new RegExp(`^${name} (\\[.*\\])$`, 'm').exec(text)?.[1] ?? '[]') as string[];
      const [command, script = '', ...args] = [...words('ENTRYPOINT'), ...words('CMD')];
      expect(command).toBe('node');
      const child = spawn(process.execPath, [script.replace(/^\/app/, root), ...args], { cwd: root, env: {} });
      child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      expect(JSON.parse(line)).toMatchObject({ id: 1, result: {} });
      const exited = once(child, 'exit');
      child.stdin.end();
      expect(await exited).toEqual([0, null]);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
