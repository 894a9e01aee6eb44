import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { runCli } from '../../fixtures/mcp/run-cli.ts';

const list = ['call', 'ollama_list_models'];

test('an unfilled key is not sent, and one line says so', async () => {
  await using server = await startScripted();
  for (const key of [`\${user_config.apiKey}`, 'undefined', '', '"']) {
    const { code, stderr } = await runCli(list, { env: { OLLAMA_HOST: server.host, OLLAMA_API_KEY: key } });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'ollama-toolbelt-mcp: not filled in, so treated as not set: OLLAMA_API_KEY\n',
    });
    expect(server.lastRequest.headers).not.toHaveProperty('authorization');
  }
});

test('a key is sent with a single Bearer, however it is written', async () => {
  await using server = await startScripted();
  for (const key of ['abc', 'Bearer abc', 'bearer "abc"', '"abc"']) {
    const { code, stderr } = await runCli(list, { env: { OLLAMA_HOST: server.host, OLLAMA_API_KEY: key } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(server.lastRequest.headers['authorization']).toBe('Bearer abc');
  }
});

test('an unfilled address means the default one, and not part of a placeholder', async () => {
  for (const host of [`\${env:OLLAMA_HOST}`, `http://\${OLLAMA_HOST}`, 'null']) {
    const { stdout, stderr } = await runCli(['call', 'ollama_status', '--json'], { env: { OLLAMA_HOST: host } });
    expect(JSON.parse(stdout)).toMatchObject({ url: 'http://127.0.0.1:11434' });
    expect(stderr).toContain('treated as not set: OLLAMA_HOST\n');
  }
});
