import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Pool } from 'undici';
import { cpuMsOf, rssMbOf } from './process-costs.ts';
import {
  type Client,
  type Era,
  handshake,
  type ListedTool,
  type Message,
  MODERN,
  paramsOf,
  resultIn,
  type ToolResult,
} from './protocol.ts';

export interface HttpProcessOptions {
  era: Era;
  /** Whether the server keeps sessions. */
  sessions: boolean;
  /** More arguments. */
  args?: readonly string[] | undefined;
}

/** Our MCP server over HTTP. */
export class HttpProcess implements Client {
  readonly #child: ChildProcess;
  readonly #pool: Pool;
  readonly #era: Era;
  #session: string | undefined;
  #id = 0;

  private constructor(child: ChildProcess, url: URL, era: Era) {
    this.#child = child;
    this.#pool = new Pool(url.origin);
    this.#era = era;
  }

  static async start(script: string, host: string, options: HttpProcessOptions): Promise<HttpProcess> {
    const { era, sessions, args: more = [] } = options;
    const args = [script, '--http', '0', ...(sessions ? ['--http-sessions'] : []), ...more];
    const env = { PATH: process.env['PATH'] ?? '', OLLAMA_HOST: host };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const lines = createInterface(child.stderr);
    const url = await new Promise<URL>((resolve, reject) => {
      // It reads to the end: a server whose messages nobody takes stands still.
      lines.on('line', (line) => {
        const address = /listening at (\S+)$/.exec(line)?.[1];
        if (address !== undefined) resolve(new URL(address));
      });
      lines.once('close', () => reject(new Error('The server ended before it listened.')));
    });
    return new HttpProcess(child, url, era);
  }

  async listTools(): Promise<ListedTool[]> {
    if (this.#era === 'legacy') await this.#ask('initialize', handshake);
    else await this.#ask('server/discover');
    return (await this.#ask<{ tools: ListedTool[] }>('tools/list')).tools;
  }

  callTool(name: string, args: object): Promise<ToolResult> {
    return this.#ask('tools/call', { name, arguments: args }, name);
  }

  cpuMs(): Promise<number> {
    return cpuMsOf(this.#child.pid);
  }

  rssMb(): Promise<number> {
    return rssMbOf(this.#child.pid);
  }

  async #ask<Result>(method: string, params: object = {}, name?: string): Promise<Result> {
    this.#id += 1;
    const modern = { 'mcp-protocol-version': MODERN, 'mcp-method': method, ...(name && { 'mcp-name': name }) };
    const { headers, body } = await this.#pool.request({
      path: '/mcp',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(this.#era === 'modern' && modern),
        ...(this.#session !== undefined && { 'mcp-session-id': this.#session }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: this.#id, method, params: paramsOf(this.#era, params) }),
    });
    const text = await body.text();
    const session = headers['mcp-session-id'];
    if (typeof session === 'string') this.#session = session;
    const isStream = String(headers['content-type']).startsWith('text/event-stream');
    const json = isStream ? (/^data: (\{.*)$/m.exec(text)?.[1] ?? '') : text;
    return resultIn<Result>(JSON.parse(json) as Message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.close();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
