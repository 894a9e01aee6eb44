import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { beforeAll, expect, test } from 'vitest';
import { cli } from '../../fixtures/mcp/connect.ts';
import { startHttp } from '../../fixtures/mcp-http/http-process.ts';
import { pythonWithConverters } from './python.ts';

const manage = ['--toolsets', 'inference,manage'];
const run = promisify(execFile);

let python: Awaited<ReturnType<typeof pythonWithConverters>>;
beforeAll(async () => {
  python = await pythonWithConverters();
});

test.for([
  ['auto', 'stdio', '2026-07-28'],
  ['2026-07-28', 'stdio', '2026-07-28'],
  ['legacy', 'stdio', '2025-11-25'],
  ['auto', 'HTTP', '2026-07-28'],
  ['2026-07-28', 'HTTP', '2026-07-28'],
] as const)(
  'the client of the Python SDK, %s over %s, can call tools and ask the person',
  async ([mode, transport, revision], context) => {
    if ('missing' in python) return context.skip(python.missing);
    await using ollama = await startScripted({
      models: ['chat-model', 'doomed'].map((name) => scriptedModel({ name })),
    });
    await using server = await startHttp({ host: ollama.host, args: manage });
    const target = transport === 'HTTP' ? [server.url] : [process.execPath, cli, ...manage];
    const { stdout } = await run(python.command, [
      join(import.meta.dirname, 'client.py'),
      mode,
      ollama.host,
      ...target,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      revision,
      tools: expect.arrayContaining(['ollama_chat', 'ollama_delete_model']),
      chat: { done_reason: 'stop' },
      deleted: { model: 'doomed:latest', deleted: true },
      questions: [expect.stringContaining('Delete the model "doomed:latest"')],
    });
    expect(ollama.requestsTo('/api/delete')).toHaveLength(1);
  },
);
