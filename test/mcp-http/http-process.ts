import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { cli } from '../mcp/connect.ts';

/** The built server, serving over HTTP. Ends with the scope. */
export interface HttpProcess extends AsyncDisposable {
  child: ChildProcess;
  /** Where MCP is, on a free port. */
  url: string;
  stdout(): string;
  /** What it said after the line with its address. */
  stderr(): string;
}

export interface HttpProcessOptions {
  /** Address of Ollama. */
  host: string;
  args?: readonly string[];
  env?: Record<string, string>;
  /** `[ADDRESS:]PORT` */
  http?: string;
  /** Path of the Node that runs the server; the one of the tests by default. */
  node?: string;
}

export async function startHttp(options: HttpProcessOptions): Promise<HttpProcess> {
  const { host, args = [], env = {}, http = '0', node = process.execPath } = options;
  const child = spawn(node, [cli, '--http', http, ...args], { env: { OLLAMA_HOST: host, ...env } });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      const listening = /listening at (\S+)$/.exec(line)?.[1];
      if (listening !== undefined) resolve(listening);
      else err += `${line}\n`;
    });
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${err}`)));
  });
  return {
    child,
    url,
    stdout: () => out,
    stderr: () => err,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** A real MCP client over HTTP; ends with the scope. */
export interface HttpConnection extends AsyncDisposable {
  client: Client;
  transport: StreamableHTTPClientTransport;
}

export async function connectHttp(url: string, token?: string): Promise<HttpConnection> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  const client = new Client({ name: 'test', version: '1.0.0' });
  // The SDK's own class and interface do not agree about a session that is undefined.
  await client.connect(transport as Parameters<Client['connect']>[0]);
  return { client, transport, [Symbol.asyncDispose]: () => client.close() };
}

/** Headers that the protocol wants of every POST. */
export const postHeaders = {
  'Content-Type': 'application/json',
  Accept: 'application/json, text/event-stream',
};

/** One request without a client library; `headers` come on top of those a client sends. */
export function post(
  url: string,
  message: unknown,
  { headers = {}, signal }: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { ...postHeaders, ...headers },
    body: typeof message === 'string' ? message : JSON.stringify(message),
    ...(signal && { signal }),
  });
}

export const listTools = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };

export const callTool = (name: string, args: Record<string, unknown>) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: args },
});

export const initialize = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
