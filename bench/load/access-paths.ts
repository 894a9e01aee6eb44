import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createOllama } from '@ollama-toolbelt/core/node';
import { Agent, request } from 'undici';
import { exampleConfig, hasNginx, startNginx } from '../../test/fixtures/nginx.ts';
import type { Ask } from './closed-loop.ts';

/** An access path to the server, whose cost is measured. */
export interface AccessPath extends AsyncDisposable {
  name: string;
  ask: Ask;
}

const messages = [{ role: 'user' as const, content: 'x' }];
const body = { model: 'chat-model', messages };

/** Without our code: reads the bytes and discards them. */
function bare(host: string): AccessPath {
  const dispatcher = new Agent();
  return {
    name: 'bare HTTP',
    ask: async () => {
      const answer = await request(`${host}/api/chat`, { method: 'POST', body: JSON.stringify(body), dispatcher });
      await answer.body.dump({ limit: Number.MAX_SAFE_INTEGER });
    },
    [Symbol.asyncDispose]: () => dispatcher.close(),
  };
}

function core(name: string, host: string): AccessPath {
  const ollama = createOllama({ host, retry: false });
  return {
    name,
    ask: async () => {
      for await (const chunk of ollama.chatStream(body)) chunk.message.content.length;
    },
    [Symbol.asyncDispose]: () => ollama.close(),
  };
}

async function behindNginx(host: string): Promise<AccessPath> {
  const nginx = await startNginx(await exampleConfig('nginx-ollama'), [host, host]);
  const path = core('core, nginx', nginx.url);
  return {
    ...path,
    async [Symbol.asyncDispose]() {
      await path[Symbol.asyncDispose]();
      await nginx[Symbol.asyncDispose]();
    },
  };
}

/** The built server as one stateless process. */
async function mcp(host: string): Promise<AccessPath> {
  const cli = fileURLToPath(new URL('../../packages/mcp-server/dist/cli.js', import.meta.url));
  const child = spawn(process.execPath, [cli, '--http', '0', '--budget-ms', '0'], {
    env: { OLLAMA_HOST: host },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [line] = (await once(createInterface(child.stderr), 'line')) as [string];
  const url = /http:\S+/.exec(line)?.[0] ?? '';
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  return {
    name: 'MCP over HTTP',
    ask: async (user) => {
      // It allows two calls at a time for each model. A model name for each user avoids that limit.
      const args = { model: `model-${user}`, messages };
      const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'ollama_chat', arguments: args } };
      const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
      const answer = await request(url, { method: 'POST', headers, body: JSON.stringify(call), dispatcher });
      const text = await answer.body.text();
      if (!text.includes('"done_reason"')) throw new Error(text.slice(0, 200));
    },
    async [Symbol.asyncDispose]() {
      await dispatcher.close();
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

export const accessPaths: readonly ((host: string) => Promise<AccessPath>)[] = [
  async (host) => bare(host),
  async (host) => core('core', host),
  ...(hasNginx ? [behindNginx] : []),
  mcp,
];
