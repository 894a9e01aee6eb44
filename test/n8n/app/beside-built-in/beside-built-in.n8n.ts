import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ScriptedServer, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { N8nApi } from '../n8n-api.ts';
import { runStory } from './run-story.ts';
import { stories } from './stories.ts';
import { type Ran, storyTable } from './story-table.ts';

const n8n = inject('n8n');

const page = path.resolve(import.meta.dirname, '../../../../docs/n8n-beside-built-in.md');

describe.skipIf('missing' in n8n)("the same workflows with n8n's own Ollama nodes and with ours", () => {
  let api: N8nApi;
  let server: ScriptedServer;
  const ran: Ran[] = [];

  beforeAll(async () => {
    if ('missing' in n8n) return;
    api = new N8nApi(n8n.access);
    const models = [
      scriptedModel({ name: 'chat-model', capabilities: ['completion', 'tools', 'thinking', 'vision'] }),
      scriptedModel({ name: 'embedding-model', capabilities: ['embedding'] }),
    ];
    server = await startScripted({ models });
  });
  afterAll(() => server?.close());

  test.each(stories)('$title', async (story) => {
    const theirs = await runStory(story, 'theirs', api, server);
    const ours = await runStory(story, 'ours', api, server);
    ran.push({ story, theirs, ours });
    expect(story.isRight(ours), JSON.stringify(ours, null, 2)).toBe(true);
  });

  test('the documentation shows the results of this run', async () => {
    expect(ran).toHaveLength(stories.length);
    const table = storyTable(ran, server.host);
    if (process.env['UPDATE_DOCS'] === '1') await writeFile(page, table);
    expect(await readFile(page, 'utf8')).toBe(table);
  });
});
