import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A message between a host and our server. */
export interface RecordedMessage {
  from: 'host' | 'server';
  message: { id?: unknown; method?: string; params?: Record<string, unknown>; result?: Record<string, unknown> };
}

/** The home folder of one host: its settings, caches and processes. Disposing it removes and ends all of them. */
export class HostHome implements AsyncDisposable {
  readonly folder: string;
  /** An empty folder to work in. */
  readonly project: string;
  readonly #sweeper: ChildProcess;

  private constructor(folder: string, sweeper: ChildProcess) {
    this.folder = folder;
    this.project = path.join(folder, 'project');
    this.#sweeper = sweeper;
  }

  /** @param registry address at which npm finds our package */
  static async create(registry: string): Promise<HostHome> {
    const folder = await mkdtemp(path.join(await realpath(tmpdir()), 'toolbelt-host-'));
    const sweeper = spawn(process.execPath, [path.join(import.meta.dirname, 'sweep.mjs'), folder], {
      stdio: ['pipe', 'ignore', 'inherit'],
      // Must survive a Ctrl-C of the test runner.
      detached: true,
    });
    const home = new HostHome(folder, sweeper);
    await mkdir(home.project);
    // A file, because not every host passes on its environment.
    await home.write(
      '.npmrc',
      `registry=${registry}\nprefix=${folder}/npm-global\nupdate-notifier=false\nfund=false\naudit=false\n`,
    );
    return home;
  }

  /** Nothing from the test runner's environment, and a proxy that refuses everything except loopback. */
  environment(more: Record<string, string> = {}): Record<string, string> {
    return {
      PATH: `${this.folder}/npm-global/bin:${path.dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      HOME: this.folder,
      XDG_CONFIG_HOME: `${this.folder}/.config`,
      XDG_DATA_HOME: `${this.folder}/.local/share`,
      XDG_CACHE_HOME: `${this.folder}/.cache`,
      XDG_STATE_HOME: `${this.folder}/.local/state`,
      TMPDIR: path.join(this.folder, 'project'),
      TERM: 'dumb',
      NO_COLOR: '1',
      DO_NOT_TRACK: '1',
      HTTP_PROXY: 'http://127.0.0.1:9',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      http_proxy: 'http://127.0.0.1:9',
      https_proxy: 'http://127.0.0.1:9',
      NO_PROXY: '127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
      ...more,
    };
  }

  /** Writes a file below the home, and creates its folders. */
  async write(name: string, content: string | object): Promise<string> {
    const file = path.join(this.folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    return file;
  }

  /** The content of a file below the home. */
  read(name: string): Promise<string> {
    return readFile(path.join(this.folder, name), 'utf8');
  }

  /** The messages between the host and its server processes, one list for each process. */
  async recordedMessages(): Promise<RecordedMessage[][]> {
    const folder = path.join(this.folder, 'mcp-messages');
    const names = (await readdir(folder).catch(() => [])).sort();
    const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
    return texts.map((text) =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as RecordedMessage),
    );
  }

  /** The processes with this home, as "PID COMMAND". Linux only. */
  async processes(): Promise<string[]> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const found = await Promise.all(
      pids.map(async (pid) => {
        const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
        if (!environment.split('\0').includes(`HOME=${this.folder}`)) return [];
        return [`${pid} ${(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')}`];
      }),
    );
    return found.flat();
  }

  /** Waits until all processes have ended. Returns those that have not. */
  async processesAfter(ms: number): Promise<string[]> {
    const deadline = performance.now() + ms;
    for (;;) {
      const left = await this.processes();
      if (left.length === 0 || performance.now() > deadline) return left;
      await sleep(50);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const swept = once(this.#sweeper, 'exit');
    this.#sweeper.stdin?.end();
    await swept;
  }
}
