/**
 * Measures the MCP server beside its peers from npm and beside a bare server of the same SDK: `pnpm bench:mcp`. Linux only.
 * All take turns in one run: read the ratios, not the times.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createOllama } from '@ollama-toolbelt/core/node';
import { type Contestant, ownContestants, peers } from './contestants.ts';
import { ServerProcess } from './server-process.ts';

const ROUNDS = 15;
const CALLS = 300;
const messages = [{ role: 'user', content: 'x' }];
const chat = { model: 'm', messages };

/** The tests have a tokenizer among their dependencies. */
const { encode } = createRequire(new URL('../../test/package.json', import.meta.url))('gpt-tokenizer') as {
  encode: (text: string) => number[];
};
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
const environment = (host: string) => ({ PATH: process.env['PATH'] ?? '', OLLAMA_HOST: host });

interface Start {
  wallMs: number;
  cpuMs: number;
  rssMb: number;
}

/** From nothing to the list of tools. */
async function start({ script }: Contestant, host: string): Promise<Start> {
  const begin = performance.now();
  await using server = new ServerProcess(script, environment(host));
  await server.listTools();
  const wallMs = performance.now() - begin;
  return { wallMs, cpuMs: await server.cpuMs(), rssMb: await server.rssMb() };
}

/** Memory and CPU of a Node that has nothing to do: what no server can be below. */
async function emptyNode(): Promise<Omit<Start, 'wallMs'>> {
  const script = 'process.stdin.resume(); console.log("{}")';
  await using node = new ServerProcess(`--eval=${script}`, environment(''));
  await once(node.child.stdout, 'data');
  return { cpuMs: await node.cpuMs(), rssMb: await node.rssMb() };
}

/** Whether a cancelled call closes its connection, and whether the end of stdin ends the process in the middle of one. */
async function leaving({ script, chatTool = '' }: Contestant): Promise<{ cancel: boolean; eof: boolean }> {
  let opened: () => void = () => {};
  let closed: () => void = () => {};
  // Takes a call and never answers.
  const silent = createServer((request, response) => {
    request.resume();
    response.on('close', () => closed());
    opened();
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const host = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  try {
    await using server = new ServerProcess(script, environment(host));
    await server.listTools();
    const call = async () => {
      const reached = new Promise<void>((resolve) => {
        opened = resolve;
      });
      const left = new Promise<boolean>((resolve) => {
        closed = () => resolve(true);
      });
      const { id } = server.start('tools/call', { name: chatTool, arguments: chat });
      await reached;
      return { id, left };
    };
    const first = await call();
    server.send({ method: 'notifications/cancelled', params: { requestId: first.id, reason: 'bench' } });
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, 3_000, false));
    const cancel = await Promise.race([first.left, late]);
    await call();
    server.child.stdin.end();
    return { cancel, eof: await server.endsWithin(3_000) };
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
}

/** Median time of one small chat through a tool, a warm server given. */
async function chatMs({ script, chatTool }: Contestant, host: string): Promise<number> {
  await using server = new ServerProcess(script, environment(host));
  await server.listTools();
  // Awaited, or the server would end first.
  return await medianTime(() => server.start('tools/call', { name: chatTool, arguments: chat }).response);
}

async function medianTime(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < CALLS; i += 1) {
    const begin = performance.now();
    await run();
    // The first ones are compiled and open connections.
    if (i >= CALLS / 3) times.push(performance.now() - begin);
  }
  return median(times);
}

const folder = await mkdtemp(join(await realpath(tmpdir()), 'ollama-toolbelt-bench-'));
const ollama = spawn(process.execPath, [fileURLToPath(new URL('./small-ollama.ts', import.meta.url))], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
try {
  const [port] = (await once(createInterface(ollama.stdout), 'line')) as [string];
  const host = `http://127.0.0.1:${port}`;
  const { ours, bare } = await ownContestants(folder);
  const others = await peers(folder);

  const starts = new Map<Contestant, Start[]>([ours, bare, ...others].map((one) => [one, []]));
  const empty: Omit<Start, 'wallMs'>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    empty.push(await emptyNode());
    for (const [contestant, all] of starts) all.push(await start(contestant, host));
  }
  const of = (all: readonly Omit<Start, 'wallMs'>[], key: 'cpuMs' | 'rssMb') => median(all.map((one) => one[key]));
  const baseline = of(empty, 'rssMb');
  console.log(
    `\nFrom start to the list of tools, median of ${ROUNDS} (an empty Node: CPU ${of(empty, 'cpuMs').toFixed(0)} ms, ${baseline.toFixed(0)} MB)`,
  );
  const ourCpu = of(starts.get(ours) ?? [], 'cpuMs');
  for (const [{ name }, all] of starts) {
    const cpu = of(all, 'cpuMs');
    const memory = of(all, 'rssMb');
    console.log(
      `  ${name.padEnd(18)} ${median(all.map(({ wallMs }) => wallMs))
        .toFixed(0)
        .padStart(
          5,
        )} ms   CPU ${cpu.toFixed(0).padStart(4)} ms (ours is x${(ourCpu / cpu).toFixed(2)})   ${memory.toFixed(1).padStart(6)} MB (${(memory - baseline).toFixed(1)} above an empty Node)`,
    );
  }

  console.log('\nTools: names, descriptions and input schemas');
  for (const { name, script } of [ours, ...others]) {
    await using server = new ServerProcess(script, environment(host));
    const tools = await server.listTools();
    const visible = JSON.stringify(
      tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
    );
    console.log(
      `  ${name.padEnd(18)} ${String(tools.length).padStart(3)} tools   ${visible.length} bytes, ${encode(visible).length} tokens`,
    );
  }

  console.log('\nLeaving in the middle of a call');
  for (const contestant of [ours, ...others]) {
    const { cancel, eof } = await leaving(contestant);
    console.log(
      `  ${contestant.name.padEnd(18)} cancel reaches Ollama: ${cancel ? 'yes' : 'no'}   ends with its input: ${eof ? 'yes' : 'no'}`,
    );
  }

  console.log(`\nOne small chat, median of ${CALLS}`);
  await using core = createOllama({ host });
  const coreMs = await medianTime(() => core.chat(chat as Parameters<typeof core.chat>[0]));
  console.log(`  ${'core'.padEnd(18)} ${coreMs.toFixed(2)} ms`);
  for (const contestant of [ours, ...others]) {
    const ms = await chatMs(contestant, host);
    console.log(`  ${contestant.name.padEnd(18)} ${ms.toFixed(2)} ms (${(ms - coreMs).toFixed(2)} ms above the core)`);
  }
} finally {
  ollama.stdin.end();
  await rm(folder, { recursive: true, force: true });
}
