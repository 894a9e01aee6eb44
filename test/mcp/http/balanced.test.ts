import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { call, hello } from '../../fixtures/mcp/connect.ts';
import { isModern } from '../../fixtures/mcp/modern-client.ts';
import { startBalancer, startNginxBalancer } from '../../fixtures/mcp-http/balancer.ts';
import { chatWithProgress, leaveChat } from '../../fixtures/mcp-http/chat-calls.ts';
import { connectHttp, listTools, post, startHttp } from '../../fixtures/mcp-http/http-process.ts';
import { hasNginx } from '../../fixtures/nginx.ts';

const balancers = [
  { name: 'a balancer', start: startBalancer, skipped: false },
  { name: hasNginx ? 'nginx' : 'nginx (skipped: it is not installed)', start: startNginxBalancer, skipped: !hasNginx },
];

/** Number of requests in the log of a server with --verbose. */
const requests = (log: string) => log.split('\n').filter((line) => line.includes('POST ')).length;

describe.each(balancers)('two stateless servers behind $name', ({ start: startInFront, skipped }) => {
  test.skipIf(skipped)('answer any mix of calls from any client', async () => {
    await using ollama = await startScripted();
    const options = { host: ollama.host, args: ['--verbose'], env: { OLLAMA_MCP_TOKEN: 'shared' } };
    await using one = await startHttp(options);
    await using other = await startHttp(options);
    await using balancer = await startInFront([one.url, other.url]);
    const clients = await Promise.all([1, 2, 3].map(() => connectHttp(balancer.url, 'shared')));
    try {
      const results = await Promise.all(
        clients.flatMap((connection) => [
          connection.client.listTools().then(({ tools }) => ({ isError: tools.length === 0 })),
          call(connection, 'ollama_chat', hello),
          call(connection, 'ollama_embed', { model: 'embedding-model', input: 'x' }),
          call(connection, 'ollama_list_models'),
          call(connection, 'ollama_generate', { model: 'chat-model', prompt: 'Hi' }),
        ]),
      );
      expect(results.map(({ isError }) => isError)).toEqual(results.map(() => false));
    } finally {
      await Promise.all(clients.map(({ client }) => client.close()));
    }
    // Three clients with five calls each, plus two messages at the start, or one without a handshake.
    const count = 3 * (5 + (isModern ? 1 : 2));
    const counts = () => [one, other].map((server) => requests(server.stderr()));
    await expect.poll(() => counts().reduce((sum, one) => sum + one)).toBe(count);
    expect(Math.min(...counts())).toBeGreaterThanOrEqual(Math.floor(count / 2) - 2);
    expect((await post(balancer.url, listTools)).status).toBe(401);
  });

  test.skipIf(skipped)('send progress, and notice clients that disconnect', async () => {
    await using ollama = await startScripted();
    await using one = await startHttp(ollama);
    await using other = await startHttp(ollama);
    await using balancer = await startInFront([one.url, other.url]);
    await using connection = await connectHttp(balancer.url);
    const { progress, text } = await chatWithProgress(connection, ollama);
    expect(progress[0]).toMatchObject({ message: '1 token' });
    expect(text).toBe('one two');

    await leaveChat(balancer.url, ollama);
  });
});
