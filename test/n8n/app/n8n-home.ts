import { spawn } from 'node:child_process';
import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../fixtures/free-port.ts';
import { packedPackage } from '../../fixtures/packed-package.ts';

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A folder for one n8n with our packed node package: database, settings, and everything it writes. */
export class N8nHome implements AsyncDisposable {
  readonly folder: string;
  readonly bin: string;

  private constructor(folder: string, bin: string) {
    this.folder = folder;
    this.bin = bin;
  }

  /** As `npm install` in its folder of nodes leaves it. */
  static async create(bin: string): Promise<N8nHome> {
    const home = await N8nHome.createEmpty(bin);
    const { folder } = home;
    try {
      await using packed = await packedPackage('n8n-nodes');
      await cp(packed.directory, path.join(folder, '.n8n/nodes/node_modules/n8n-nodes-ollama-belt'), {
        recursive: true,
      });
      return home;
    } catch (error) {
      await home[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Without our package. */
  static async createEmpty(bin: string): Promise<N8nHome> {
    const folder = await mkdtemp(path.join(await realpath(tmpdir()), 'ollama-toolbelt-n8n-real-'));
    return new N8nHome(folder, bin);
  }

  /** No variables of the test runner's environment, which n8n would read too, and no telemetry. */
  environment(more: Record<string, string> = {}): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      // Everything that it and its tools cache is deleted with the folder.
      HOME: this.folder,
      TMPDIR: this.folder,
      N8N_USER_FOLDER: this.folder,
      N8N_ENCRYPTION_KEY: 'test',
      N8N_DIAGNOSTICS_ENABLED: 'false',
      N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
      N8N_TEMPLATES_ENABLED: 'false',
      N8N_PERSONALIZATION_ENABLED: 'false',
      N8N_HIRING_BANNER_ENABLED: 'false',
      N8N_LISTEN_ADDRESS: '127.0.0.1',
      N8N_SECURE_COOKIE: 'false',
      ...more,
    };
  }

  /** Runs a command of n8n's command line to its end. */
  async run(args: string[]): Promise<CommandResult> {
    const env = this.environment({ N8N_RUNNERS_BROKER_PORT: String(await freePort()) });
    const child = spawn(process.execPath, [this.bin, ...args], { cwd: this.folder, env });
    const result: CommandResult = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      result.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      result.stderr += text;
    });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ ...result, code }));
    });
  }

  /** The same for a command that must not fail; returns its output. */
  async succeed(args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    if (code === 0) return stdout;
    throw new Error(`"n8n ${args.join(' ')}" ended with ${code}: ${(stdout + stderr).trim().slice(-2000)}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
