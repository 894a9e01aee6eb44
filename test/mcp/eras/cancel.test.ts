import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createHandler } from '@ollama-toolbelt/mcp-server/handler';
import { faults, gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { toWebRequest, writeWebResponse } from '../../../packages/mcp-server/src/transports/http/node-adapter.ts';
import { hello } from '../../fixtures/mcp/connect.ts';
import { modernClient } from '../../fixtures/mcp/modern-client.ts';
import { startHttp } from '../../fixtures/mcp-http/http-process.ts';
import { type Front, serveMcp } from '../../fixtures/mcp-http/serve-mcp.ts';

const token = 'secret';

/** The web-standard handler behind a Node server. */
function startHandler({ host }: ScriptedServer): Promise<Front> {
  const handle = createHandler({ host, token });
  return serveMcp((incoming, outgoing) => {
    void handle(toWebRequest(incoming)).then((response) => writeWebResponse(response, outgoing));
  });
}

const start = ({ host }: ScriptedServer, args: string[]) => startHttp({ host, args, env: { OLLAMA_MCP_TOKEN: token } });

describe.each([
  ['stateless', (ollama: ScriptedServer) => start(ollama, [])],
  ['with sessions', (ollama: ScriptedServer) => start(ollama, ['--http-sessions'])],
  ['createHandler', startHandler],
])('a client of 2026-07-28, %s', (_, startServer) => {
  test.each([
    ['before the first byte', faults.stallBeforeHeaders],
    ['in the middle', faults.stallMidStream],
  ])('that cancels %s closes the socket to Ollama', async (_name, fault) => {
    await using ollama = await startScripted();
    await using server = await startServer(ollama);
    const client = modernClient();
    const headers = { Authorization: `Bearer ${token}` };
    await client.connect(new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers } }));
    try {
      const silence = gate();
      ollama.chat(fault(silence));
      const controller = new AbortController();
      const { signal } = controller;
      const failed = expect(client.callTool({ name: 'ollama_chat', arguments: hello }, { signal })).rejects.toThrow();
      await silence.reached;
      controller.abort('enough');
      await failed;
      await expect(ollama.lastRequest.closed).resolves.toBe('aborted');
      expect(await client.listTools()).toHaveProperty('tools');
    } finally {
      await client.close();
    }
  });
});
