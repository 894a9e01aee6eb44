import { spawnSync } from 'node:child_process';
import { gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { ctrlC, runExample, runInTerminal } from '../fixtures/examples/run-example.ts';

const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux');
const missing = hasScript ? '' : ' (skipped: it needs the command "script" of util-linux)';

test.skipIf(missing)(`terminal-chat.ts: Ctrl-C stops an answer, then leaves${missing}`, async () => {
  await using server = await startScripted();
  const stop = gate();
  server.chat({ text: ['Once ', 'upon', stop, ' a time'] }).chat({ text: ['All ', 'right.'] });
  await using chat = runInTerminal('terminal-chat.ts', ['chat-model'], { host: server.host });
  await chat.until('> ');
  chat.type('Tell me a story\r');
  await chat.until('Once upon');
  await stop.reached;
  chat.type(ctrlC);
  expect(await server.lastRequest.closed).toBe('aborted');
  await chat.until(' [stopped]');
  await chat.until('> ');
  chat.type('Another\r');
  await chat.until('All right.');
  await chat.until('> ');
  expect(server.lastRequest.body['messages']).toEqual([{ role: 'user', content: 'Another' }]);
  chat.type(ctrlC);
  expect(await chat.ended).toBe(0);
});

test('terminal-chat.ts: says what is wrong, and takes the next question', async () => {
  await using server = await startScripted();
  await using chat = runExample('terminal-chat.ts', ['no-such-model'], { host: server.host, stdin: 'One\nTwo\n' });
  expect(await chat.ended).toBe(0);
  expect(chat.stdout().match(/model 'no-such-model' not found/g)).toHaveLength(2);
  expect(chat.stdout()).toContain('ollama pull no-such-model');
});
