import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect } from 'vitest';
import { startRaw } from '../../fixtures/mcp/raw-process.ts';
import { callTool, initialize, post, startHttp } from '../../fixtures/mcp-http/http-process.ts';
import { planOf, playFaults, type Step } from './plan.ts';

export const transports = ['stdio', 'HTTP', 'HTTP with sessions'] as const;
export type TransportName = (typeof transports)[number];

const MIB = 1024 * 1024;
const AT_ONCE = 8;
const preload = fileURLToPath(new URL('../../fixtures/mcp/heap-used.mjs', import.meta.url));

/** Returns a result, or `undefined` for a cancelled call. */
type Call = (step: Step) => Promise<{ result?: { isError?: boolean }; error?: unknown } | undefined>;

interface Client extends AsyncDisposable {
  child: ChildProcess;
  call: Call;
}

/**
 * Makes `count` calls over one transport, with server faults and cancellations, and checks how each one ends. The
 * second half must not grow the heap.
 */
export async function soak(transport: TransportName, count: number): Promise<void> {
  await using ollama = await startScripted();
  playFaults(ollama);
  await using client = await (transport === 'stdio'
    ? overStdio(ollama.host)
    : overHttp(ollama.host, transport !== 'HTTP'));
  const wrong: string[] = [];
  const play = async (steps: Iterator<Step>) => {
    for (let next = steps.next(); !next.done; next = steps.next()) {
      const { tool, args, isError } = next.value;
      const answer = await client.call(next.value);
      if (answer === undefined || isError === undefined) continue;
      if (answer.error !== undefined || (answer.result?.isError === true) !== isError) {
        wrong.push(`${tool} ${JSON.stringify(args)}: ${JSON.stringify(answer).slice(0, 300)}`);
      }
    }
  };
  const half = async (seed: number) => {
    const steps = planOf(seed, count / 2);
    await Promise.all(Array.from({ length: AT_ONCE }, () => play(steps)));
    return heapOf(client.child);
  };
  const first = await half(1);
  const second = await half(2);
  expect(wrong).toEqual([]);
  expect(second - first, 'bytes that the second half has left').toBeLessThan(4 * MIB);
  await ollama.allClosed();
}

async function overStdio(host: string): Promise<Client> {
  const raw = await startRaw({ host, nodeArgs: ['--expose-gc', '--import', preload] });
  const call: Call = async ({ tool, args, cancelAfterMs }) => {
    const answer = raw.request('tools/call', { name: tool, arguments: args });
    if (cancelAfterMs === undefined) return answer;
    const requestId = raw.lastId;
    await new Promise((resolve) => setTimeout(resolve, cancelAfterMs));
    raw.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } })}\n`);
    return undefined;
  };
  return { child: raw.child, call, [Symbol.asyncDispose]: () => raw[Symbol.asyncDispose]() };
}

async function overHttp(host: string, hasSessions: boolean): Promise<Client> {
  const server = await startHttp({
    host,
    args: hasSessions ? ['--http-sessions'] : [],
    nodeArgs: ['--expose-gc', '--import', preload],
  });
  let headers: Record<string, string> = { Accept: 'application/json' };
  if (hasSessions) {
    const begun = await post(server.url, initialize, { headers });
    await begun.text();
    headers = { ...headers, 'Mcp-Session-Id': begun.headers.get('mcp-session-id') ?? '' };
  }
  let id = 1;
  const call: Call = async ({ tool, args, cancelAfterMs }) => {
    id += 1;
    const signal = cancelAfterMs === undefined ? undefined : AbortSignal.timeout(cancelAfterMs);
    try {
      const response = await post(server.url, { ...callTool(tool, args), id }, { headers, ...(signal && { signal }) });
      return JSON.parse(await response.text());
    } catch (error) {
      if (signal?.aborted) return undefined;
      throw error;
    }
  };
  return { child: server.child, call, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function heapOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    const look = (data: Buffer) => {
      const [, bytes] = /^heap (\d+)$/m.exec(data.toString()) ?? [];
      if (bytes === undefined) return;
      child.stderr?.off('data', look);
      resolve(Number(bytes));
    };
    child.stderr?.on('data', look);
    child.kill('SIGUSR2');
  });
}
