import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../fixtures/free-port.ts';

const REDIS = '/usr/bin/redis-server';
const POSTGRES = '/usr/lib/postgresql';

const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES).sort((a, b) => Number(b) - Number(a)) : [];
const postgresBin = versions.map((version) => path.join(POSTGRES, version, 'bin')).find((bin) => existsSync(bin));

/** What queue mode needs from Debian's packages and is missing. */
export const missingServices: readonly string[] = [
  ...(existsSync(REDIS) ? [] : ['redis-server']),
  ...(postgresBin === undefined ? ['postgresql'] : []),
];

export interface Service extends AsyncDisposable {
  port: number;
}

/** A Redis that stores nothing on disk. */
export async function startRedis(): Promise<Service> {
  const port = await freePort();
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  const child = spawn(REDIS, args, { stdio: 'ignore' });
  return running(child, port, 'SIGTERM');
}

/** A PostgreSQL in a temporary folder, with the user and the database `n8n`. */
export async function startPostgres(): Promise<Service> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ollama-toolbelt-postgres-'));
  const data = path.join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  const user = postgresUser();
  if (user.uid !== undefined) for (const place of [folder, data]) await chown(place, user.uid, user.gid);
  const options = { cwd: folder, ...user };
  const bin = (name: string) => path.join(postgresBin!, name);
  await promisify(execFile)(bin('initdb'), ['-D', data, '-A', 'trust', '-U', 'n8n'], options);
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${folder}`];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const child = spawn(bin('postgres'), args, { ...options, stdio: 'ignore' });
  // To PostgreSQL this signal means: now, even if clients are connected.
  const service = await running(child, port, 'SIGINT');
  const address = ['--host', '127.0.0.1', '--port', String(port), '--username', 'n8n'];
  // It accepts connections before it answers queries.
  const isReady = () =>
    promisify(execFile)(bin('pg_isready'), address, { cwd: folder }).then(
      () => true,
      () => false,
    );
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error('PostgreSQL has ended.');
    await sleep(50);
  }
  await promisify(execFile)(bin('createdb'), [...address, 'n8n'], { cwd: folder });
  return {
    port,
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** It refuses to run as root; Debian's package has a user for it. */
function postgresUser(): { uid: number; gid: number } | { uid?: never } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function running(child: ChildProcess, port: number, end: NodeJS.Signals): Promise<Service> {
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const service = {
    port,
    async [Symbol.asyncDispose]() {
      process.off('exit', kill);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(end);
      await ended;
    },
  };
  while (child.exitCode === null && child.signalCode === null) {
    if (await accepts(port)) return service;
    await sleep(50);
  }
  process.off('exit', kill);
  throw new Error(`${child.spawnfile} did not start`);
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
