/** The output of `call` on a terminal. */
import { createOllama } from '@ollama-toolbelt/core/node';
import { gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { runCall } from '../../../packages/mcp-server/src/cli/call.ts';
import { parseCommandLine } from '../../../packages/mcp-server/src/cli/command-line.ts';
import type { Terminal } from '../../../packages/mcp-server/src/cli/terminal.ts';
import { createMcpServer } from '../../../packages/mcp-server/src/server/mcp-server.ts';
import { OllamaServers } from '../../../packages/mcp-server/src/servers/ollama-servers.ts';
import { hello } from '../../fixtures/mcp/connect.ts';

/** Runs `call` with a terminal that records its output. */
async function callAt(host: string, words: string[], onPrint: (out: string) => void = () => {}) {
  const command = parseCommandLine(['call', ...words, '--host', host], {});
  if (command.run !== 'call') throw new Error('not a call');
  const ollama = createOllama({ host });
  const seen = { out: '', lines: [] as string[], status: [] as string[], code: -1 };
  const terminal: Terminal = {
    stdoutIsSeen: true,
    stderrIsSeen: true,
    print: (text) => {
      seen.out += text;
      onPrint(seen.out);
    },
    say: (line) => seen.lines.push(line),
    status: (line) => seen.status.push(line),
  };
  try {
    const mcp = createMcpServer({ servers: new OllamaServers({ ollama }), mode: 'call' });
    seen.code = await runCall(command, mcp, terminal, new AbortController().signal);
    return seen;
  } finally {
    await ollama.close();
  }
}

test('the answer is shown once, while it streams', async () => {
  await using server = await startScripted();
  const stop = gate();
  server.chat({ text: ['Hel', stop, 'lo', ' there'] });
  const early: string[] = [];
  const seen = await callAt(server.host, ['ollama_chat', JSON.stringify(hello)], (out) => {
    early.push(out);
    stop.release();
  });
  expect(early[0]).toBe('Hel');
  expect(seen).toMatchObject({ out: 'Hello there\n', code: 0, lines: [] });
});

test('until the first word, a line says what the call is waiting for', async () => {
  await using server = await startScripted();
  const stop = gate();
  server.chat({ thinking: ['Hm', stop], text: ['Yes'] });
  const words = ['ollama_chat', JSON.stringify({ ...hello, model: 'thinking-model' })];
  const running = callAt(server.host, words);
  await stop.reached;
  stop.release();
  const { status, out } = await running;
  expect(status[0]).toMatch(/thinking/);
  expect(out).toBe('Yes\n');
});

test('with --json nothing is shown before the end', async () => {
  await using server = await startScripted();
  const prints: string[] = [];
  await callAt(server.host, ['ollama_chat', JSON.stringify(hello), '--json'], (out) => prints.push(out));
  expect(prints).toHaveLength(1);
});
