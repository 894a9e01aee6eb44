/** If Ollama cannot be reached, the error names the setting with the address: the flag or the variable. */
import { createOllama } from '@ollama-toolbelt/core/node';
import { faults, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { createHandler } from '../../../packages/mcp-server/src/handler.ts';
import { createMcpServer } from '../../../packages/mcp-server/src/server/mcp-server.ts';
import { OllamaServers } from '../../../packages/mcp-server/src/servers/ollama-servers.ts';
import { nowhere } from '../../fixtures/mcp/connect.ts';
import { startRaw } from '../../fixtures/mcp/raw-process.ts';
import { runCli } from '../../fixtures/mcp/run-cli.ts';

const inside = 'of the entry of this server';

test.each([
  ['a flag', { args: ['--host', nowhere] }, `set --host in the entry of this server to where it runs`],
  ['a variable', { env: { OLLAMA_HOST: nowhere } }, `set OLLAMA_HOST in "env" ${inside} to where it runs`],
  ['its own variable', { env: { OLLAMA_MCP_HOST: nowhere } }, `set OLLAMA_MCP_HOST in "env" ${inside} to where`],
])('if a host set the address by %s, the error names that', async (_, settings, words) => {
  await using server = await startRaw(settings);
  for (const name of ['ollama_list_models', 'ollama_status']) {
    const { result } = await server.request('tools/call', { name, arguments: {} });
    expect(JSON.stringify(result)).toContain(JSON.stringify(words).slice(1, -1));
  }
  const { error } = await server.request('resources/read', { uri: 'ollama://models' });
  expect((error as Error).message).toContain(words);
});

test('without a setting, the error names both ways, and says that a host may not pass on variables', async () => {
  await using ollama = createOllama({ host: nowhere });
  const { stdout } = await runCli(['--check'], { env: {} });
  // Ollama may or may not run at the default address.
  if (!stdout.startsWith('ok')) expect(stdout).toContain('set --host or OLLAMA_HOST to where it runs');
  const { addressSetting } = await import('../../../packages/mcp-server/src/cli/address-setting.ts');
  const mcp = createMcpServer({
    servers: new OllamaServers({ ollama }),
    mode: 'session',
    addressSetting: addressSetting(undefined, true),
  });
  const { content } = await (await mcp.calls()).call('ollama_status', {}, { signal: new AbortController().signal });
  expect(JSON.stringify(content)).toContain('only exported');
  mcp.close();
});

test('in a shell, the error mentions no entry', async () => {
  const checked = await runCli(['--check', '--host', nowhere]);
  expect(checked.stdout).toContain('or set --host to where it runs');
  const called = await runCli(['call', 'ollama_status'], { env: { OLLAMA_HOST: nowhere } });
  expect(called.stderr).toContain('or set OLLAMA_HOST to where it runs');
});

test('in a worker, the error names the option', async () => {
  const handle = createHandler({ token: 't', allow: ['box'], host: nowhere });
  const response = await handle(
    new Request('http://box/mcp', {
      method: 'POST',
      headers: {
        Authorization: 'Bearer t',
        Host: 'box',
        Accept: 'application/json, text/event-stream',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'ollama_show_model', arguments: { model: 'm' } },
      }),
    }),
  );
  expect(await response.text()).toContain('Check the address (the option host)');
});

test('the error also names the setting if another server answers or redirects', async () => {
  await using other = await startScripted();
  other.always.on('*', faults.htmlOk());
  const { stdout } = await runCli(['--check', '--host', other.host]);
  expect(stdout).toContain('Check the host, port and path in --host.');
  await using moved = await startScripted();
  moved.always.on('*', faults.redirect(302, 'http://elsewhere/'));
  expect((await runCli(['--check', '--host', moved.host])).stdout).toContain('Set --host to the address the server');
});

test.each([
  ['unix:///nowhere/ollama.sock', 'ollama serve'],
  ['no-such-host.invalid', 'Check the host name in --host.'],
])('%s', async (host, words) => {
  const { stdout } = await runCli(['--check', '--host', host]);
  expect(stdout).toContain(words);
});
