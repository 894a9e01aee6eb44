import { startScripted } from '@ollama-toolbelt/ollama-server';
import { afterEach, expect, test, vi } from 'vitest';
import { bundleExample } from '../../fixtures/mcp-http/bundle-example.ts';
import { chatWithProgress } from '../../fixtures/mcp-http/chat-calls.ts';
import { connectHttp, listTools, post } from '../../fixtures/mcp-http/http-process.ts';
import { awslambda, startFunctionUrl } from '../../fixtures/mcp-http/lambda-url.ts';

type Program = { handler: Parameters<typeof startFunctionUrl>[0] };

/** Loads the example like Lambda. */
async function loadFunction(env: Record<string, string>): Promise<Program> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  vi.stubGlobal('awslambda', awslambda);
  const text = await bundleExample('aws-lambda/function.ts');
  // A different URL for each settings, so the module runs again.
  const bytes = Buffer.from(`${text}//${JSON.stringify(env)}`);
  const url = `data:text/javascript;charset=utf-8;base64,${bytes.toString('base64')}`;
  return (await import(/* @vite-ignore */ url)) as Program;
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

test('the function lists tools and streams an answer with its progress', async () => {
  await using ollama = await startScripted();
  const { handler } = await loadFunction({ OLLAMA_HOST: ollama.host, MCP_TOKEN: 'token', MCP_ALLOW: '' });
  await using server = await startFunctionUrl(handler);
  await using connection = await connectHttp(server.url, 'token');
  expect((await connection.client.listTools()).tools).not.toEqual([]);
  const { progress, text } = await chatWithProgress(connection, ollama);
  expect(progress[0]).toMatchObject({ message: '1 token' });
  expect(text).toBe('one two');
  const refused = await post(server.url, listTools);
  expect([refused.status, await refused.json()]).toMatchObject([
    401,
    { error: { message: expect.stringContaining('bearer') } },
  ]);
});

test('with OAuth instead of a token it asks for an access token', async () => {
  const oauth = { OAUTH_ISSUER: 'https://login.example', OAUTH_AUDIENCE: 'https://abc.lambda-url.example/mcp' };
  const { handler } = await loadFunction({ OLLAMA_HOST: 'http://127.0.0.1:9', MCP_TOKEN: '', ...oauth });
  await using server = await startFunctionUrl(handler);
  const refused = await post(server.url, listTools);
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringContaining(
      'resource_metadata="https://abc.lambda-url.example/.well-known/oauth-protected-resource/mcp"',
    ),
  ]);
});

test('without a token it does not start', async () => {
  await expect(loadFunction({ MCP_TOKEN: '' })).rejects.toThrow('needs a token');
});
