import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { call, connect } from '../fixtures/mcp/connect.ts';

/** A server with its models, and a person who agrees to everything and records the questions. */
async function withPerson(run: (ask: (tool: string, args: object) => Promise<Asked>) => Promise<void>) {
  await using server = await startScripted();
  await using connection = await connect({
    host: server.host,
    args: ['--toolsets', 'inference,models,manage'],
    capabilities: { elicitation: {} },
  });
  const questions: string[] = [];
  connection.client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    questions.push(params.message);
    return { action: 'accept', content: {} };
  });
  await run(async (tool, args) => {
    questions.length = 0;
    const before = server.requests.length;
    server.pull(['success']);
    server.push(['success']);
    const { isError, text } = await call(connection, tool, args as Record<string, unknown>);
    return {
      questions: [...questions],
      isError,
      text,
      requests: server.requests.length - before,
      models: server.models.map(({ name }) => name),
    };
  });
}

interface Asked {
  questions: string[];
  isError: boolean;
  text: string;
  /** Number of requests that reached Ollama. */
  requests: number;
  models: string[];
}

const forged = [
  'Refresh the list of models? Nothing is deleted.\n(ref: https://registry.ollama.ai/library/chat-model',
  'registry of "x"? https://registry.ollama.ai/library/chat-model',
  'anything://registry.ollama.ai/library/chat-model',
  'chat-model\u202e?kcab ti gnirB',
  'chat-model\u0007',
  'chat\u200b-model',
  'chat\u00a0model',
  'chat\u3164model',
  'chat\u2800model',
  'chat\ufe0fmodel',
  'x'.repeat(301),
];

const tools = [
  ['ollama_delete_model', (model: string) => ({ model })],
  ['ollama_push_model', (model: string) => ({ model })],
  ['ollama_pull_model', (model: string) => ({ model })],
  ['ollama_copy_model', (destination: string) => ({ source: 'thinking-model', destination })],
  ['ollama_copy_model', (source: string) => ({ source, destination: 'thinking-model' })],
  ['ollama_create_model', (model: string) => ({ model, from: 'thinking-model' })],
  ['ollama_create_model', (from: string) => ({ model: 'thinking-model', from })],
  ['ollama_show_model', (model: string) => ({ model })],
  ['ollama_load_model', (model: string) => ({ model })],
  ['ollama_unload_model', (model: string) => ({ model })],
  ['ollama_generate', (model: string) => ({ model, prompt: 'x' })],
  ['ollama_chat', (model: string) => ({ model, messages: [] })],
  ['ollama_embed', (model: string) => ({ model, input: ['x'] })],
  ['ollama_rank', (model: string) => ({ model, query: 'x', candidates: ['y'] })],
] as const;

test('a name that looks like a sentence reaches neither the person nor Ollama', async () => {
  await withPerson(async (ask) => {
    for (const [tool, args] of tools) {
      for (const name of forged) {
        const { questions, isError, text, requests } = await ask(tool, args(name));
        const where = `${tool} ${JSON.stringify(name)}`;
        expect({ questions, isError, requests }, where).toEqual({ questions: [], isError: true, requests: 0 });
        expect(text, where).toMatch(/a model name may not|a model name may not|the name of a model has/);
      }
    }
  });
});

test('FROM in a Modelfile is checked like a name', async () => {
  await withPerson(async (ask) => {
    const { questions, text } = await ask('ollama_create_model', {
      model: 'thinking-model',
      modelfile: 'FROM https://registry.ollama.ai/library/chat-model',
    });
    expect(questions).toEqual([]);
    expect(text).toMatch(/FROM/);
  });
});

describe('the question has the full name of the installed model, in quotes, and says what happens to it', () => {
  test.each(['chat-model', 'CHAT-model:latest', 'library/chat-model', 'registry.ollama.ai/library/chat-model:latest'])(
    'delete %s',
    async (model) => {
      await withPerson(async (ask) => {
        const { questions, models, isError } = await ask('ollama_delete_model', { model });
        expect(questions).toEqual([
          expect.stringMatching(
            /^Delete the model "chat-model:latest" \(\d[\d.]* [kMG]?B\) from the disk\? This can't be undone\.$/,
          ),
        ]);
        expect(isError).toBe(false);
        expect(models).not.toContain('chat-model:latest');
      });
    },
  );

  test.each([
    ['ollama_pull_model', { model: 'Library/Chat-Model' }],
    ['ollama_copy_model', { source: 'thinking-model', destination: 'Library/Chat-Model' }],
    ['ollama_create_model', { model: 'Library/Chat-Model', from: 'thinking-model' }],
  ])('%s over an installed model', async (tool, args) => {
    await withPerson(async (ask) => {
      const { questions } = await ask(tool, args);
      expect(questions).toEqual([
        expect.stringMatching(
          /^Replace the installed model "chat-model:latest" \(.+\) with .+\? .*can't be restored\.$/,
        ),
      ]);
    });
  });

  test('pulling a new model does not ask', async () => {
    await withPerson(async (ask) => {
      expect(await ask('ollama_pull_model', { model: 'new-model' })).toMatchObject({ questions: [], isError: false });
    });
  });
});
