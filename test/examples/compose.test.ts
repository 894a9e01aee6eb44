import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { examplesFolder, startCommand } from '../fixtures/examples/run-example.ts';
import { call, cli } from '../fixtures/mcp/connect.ts';
import { connectHttp, listTools, postHeaders } from '../fixtures/mcp-http/http-process.ts';

interface Service {
  image: string;
  command?: string[] | string;
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, unknown> | string[];
  ports?: string[];
}

const files = ['docker-compose/compose.yaml', 'n8n-queue/compose.yaml'];
const servicesOf = async (file: string): Promise<Record<string, Service>> =>
  parse(await readFile(join(examplesFolder, file), 'utf8'), { merge: true }).services;

/** Biome writes double quotes. */
const settings = join(import.meta.dirname, '../fixtures/examples/dclint.json');
const dclint = join(dirname(createRequire(import.meta.url).resolve('dclint/package.json')), 'bin/dclint.cjs');

describe.each(files)('%s', (file) => {
  test('is valid, by the schema of Compose and its linter', async () => {
    await using lint = startCommand(process.execPath, [dclint, '--config', settings, file], { host: '' });
    expect([await lint.ended, lint.stdout() + lint.stderr()]).toEqual([0, expect.not.stringContaining('warning')]);
  });

  test('opens ports on this machine only, pins versions, and names services that exist', async () => {
    const services = await servicesOf(file);
    for (const { image, ports = [], depends_on = [] } of Object.values(services)) {
      expect(image).toMatch(/:[\w.-]*\d/);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
      for (const name of Array.isArray(depends_on) ? depends_on : Object.keys(depends_on)) {
        expect(services).toHaveProperty(name);
      }
    }
  });
});

test('docker-compose: the command of the MCP server serves its neighbors, and its health check sees it end', async () => {
  const { mcp } = await servicesOf('docker-compose/compose.yaml');
  const [npx, yes, name, ...args] = mcp!.command as string[];
  expect([npx, yes, name]).toEqual(['npx', '-y', '@ollama-toolbelt/mcp-server']);
  await using ollama = await startScripted();
  const token = 'a-long-random-text';
  const [program, ...check] = mcp!.healthcheck!.test.slice(1);
  const healthy = async (port: string) => {
    const words = check.map((word) => word.replace(':3333', `:${port}`));
    await using running = startCommand(program!, words, { host: '' });
    return await running.ended;
  };

  // In a container it listens to all of its network; here to this machine.
  const onLoopback = args.map((arg) => (arg === '0.0.0.0:3333' ? '127.0.0.1:0' : arg));
  const options = { host: ollama.host, env: { OLLAMA_MCP_TOKEN: token } };
  let port = '';
  {
    await using server = startCommand(process.execPath, [cli, ...onLoopback], options);
    const address = () => /listening at (http:\/\/127\.0\.0\.1:(\d+)\/mcp)/.exec(server.stderr());
    await expect.poll(address).not.toBeNull();
    port = address()![2]!;
    await using connection = await connectHttp(address()![1]!, token);
    expect(await call(connection, 'ollama_list_models')).toMatchObject({ isError: false });
    expect(await statusOf(port, 'mcp:3333', token)).toBe(200);
    expect(await statusOf(port, 'mcp:3333', 'another')).toBe(401);
    expect(await statusOf(port, 'stranger:3333', token)).toBe(403);
    expect(await healthy(port)).toBe(0);
  }
  expect(await healthy(port)).toBe(1);
});

/** Of a request that another container would send. */
function statusOf(port: string, host: string, token: string): Promise<number | undefined> {
  const headers = { ...postHeaders, host, authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/mcp', method: 'POST', headers };
    request(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end(JSON.stringify(listTools));
  });
}

test('n8n-queue: the passwords are not part of the file that all processes read', async () => {
  const text = await readFile(join(examplesFolder, 'n8n-queue/n8n.env'), 'utf8');
  const names = text.split('\n').flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? []);
  expect(names).toContain('EXECUTIONS_MODE');
  expect(names.filter((name) => /PASSWORD|KEY/.test(name))).toEqual([]);
  const { main, worker, redis, postgres } = await servicesOf('n8n-queue/compose.yaml');
  expect(Object.keys(main!.environment!).sort()).toEqual(['DB_POSTGRESDB_PASSWORD', 'N8N_ENCRYPTION_KEY']);
  expect(worker!.environment).toEqual(main!.environment);
  expect([redis, postgres]).not.toContain(undefined);
});
