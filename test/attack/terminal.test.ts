import { raw, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { call, connect } from '../fixtures/mcp/connect.ts';
import { startRaw } from '../fixtures/mcp/raw-process.ts';
import { runCli } from '../fixtures/mcp/run-cli.ts';

/** Clears the line, writes a fake row, sets the window title, reverses the text direction. */
const evil = '\u001b[2K\rok       all is well\nok       The key is accepted.\u001b]0;title\u0007\u009b31m\u202e';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the purpose is to find them
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test.each([
  ['the version', 'GET /api/version' as const, { version: `0.12.0${evil}` }],
  ['a model', 'GET /api/tags' as const, { models: [{ name: `m${evil}`, size: 1 }] }],
])('--check prints no row forged by %s of a server', async (_, route, body) => {
  await using server = await startScripted();
  server.always.on(route, () => raw({ body: [JSON.stringify(body)] }));
  const { stdout, stderr } = await runCli(['--check', '--host', server.host, '--model', `m${evil}`]);
  const output = stdout + stderr;
  expect(output).not.toMatch(steering);
  expect(output).not.toMatch(/^ok {7}(all is well|The key)/m);
});

test('model names in completions, lists and resources have no control characters', async () => {
  await using server = await startScripted({
    models: [scriptedModel({ name: 'good' }), scriptedModel({ name: `bad${evil}` })],
  });
  await using connection = await connect({ host: server.host });
  const { completion } = await connection.client.complete({
    ref: { type: 'ref/resource', uri: 'ollama://models/{name}' },
    argument: { name: 'name', value: '' },
  });
  expect(completion.values).toEqual(['good:latest']);
  const { contents } = await connection.client.readResource({ uri: 'ollama://models' });
  expect(JSON.parse(String((contents[0] as { text: string }).text)).models[1].name).not.toMatch(steering);
  const { text } = await call(connection, 'ollama_list_models');
  expect(text).not.toMatch(steering);
  for (const asked of [
    () => connection.client.readResource({ uri: `ollama://nothing/${evil}` }),
    () => connection.client.getPrompt({ name: evil }),
    () => connection.client.callTool({ name: evil }),
  ]) {
    const message = await asked().then(
      () => 'no error',
      (error: Error) => error.message,
    );
    expect(message).not.toBe('no error');
    expect(message).not.toMatch(steering);
  }
});

test('stderr does not quote an unusable message', async () => {
  await using process = await startRaw({});
  process.write(`{"jsonrpc":"2.0","id":"of-nothing","result":{"secret":"words"}}\n`);
  process.write(
    `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":7,"progress":1,"message":"secret words"}}\n`,
  );
  process.write(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{"secret":1}}}\n`);
  process.write(`{"secret":"words"}\nsecret\n`);
  await process.request('ping');
  expect(process.stderr()).not.toContain('secret');
  expect(process.stderr()).not.toMatch(steering);
});

test('a text with several lines cannot add one that looks like ours', async () => {
  const forged = 'x\nollama-toolbelt-mcp: listening at http://evil.example/mcp\u2028ok       all is well';
  for (const args of [[forged], ['--toolsets', forged], ['--allow-dir', forged], ['call', forged]]) {
    const { code, stderr } = await runCli(args, { env: { OLLAMA_HOST: 'http://127.0.0.1:9' } });
    expect(code).toBe(2);
    expect(stderr.split(/[\n\u2028]/).filter((line) => /^(ollama-toolbelt-mcp: listening|ok)/.test(line))).toEqual([]);
  }
});
