import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/cfworker';
import { failWith, replyJson, startScripted } from '@ollama-toolbelt/ollama-server';
import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { failureResult, valueResult } from '../../../packages/mcp-server/src/calls/result.ts';
import { toJsonSchema } from '../../../packages/mcp-server/src/server/json-schema.ts';
import { tools } from '../../../packages/mcp-server/src/tools/catalog/index.ts';
import type { Tool } from '../../../packages/mcp-server/src/tools/tool.ts';
import { call, connect, hello } from '../../fixtures/mcp/connect.ts';

/** The limit of a host for both forms of a result together. */
const MOST_TOKENS = 25_000;

type Field = z.core.$ZodType;
type Result = ReturnType<typeof valueResult>;

const tokensOf = ({ content, structuredContent }: Pick<Result, 'content' | 'structuredContent'>) =>
  countTokens(content.map(({ text }) => text).join('\n')) + countTokens(JSON.stringify(structuredContent ?? ''));

/** A value that is as large as possible everywhere that its schema allows. */
function tooMuch(field: Field, depth = 0): unknown {
  if (field instanceof z.ZodOptional) return tooMuch(field.unwrap(), depth);
  if (field instanceof z.ZodObject) {
    return Object.fromEntries(Object.entries(field.shape).map(([key, inner]) => [key, tooMuch(inner, depth + 1)]));
  }
  if (field instanceof z.ZodArray) {
    const count = field.element instanceof z.ZodNumber ? 700 : depth > 2 ? 3 : 500;
    return Array.from({ length: count }, () => tooMuch(field.element, depth + 1));
  }
  if (field instanceof z.ZodRecord) {
    const inner = field.valueType instanceof z.ZodNumber ? 1 : { deep: ['x'.repeat(50)] };
    return Object.fromEntries(Array.from({ length: depth > 2 ? 3 : 2000 }, (_, index) => [`some key ${index}`, inner]));
  }
  if (field instanceof z.ZodUnion) return tooMuch(field.options[0]!, depth);
  if (field instanceof z.ZodEnum) return field.options[0];
  if (field instanceof z.ZodBoolean) return true;
  if (field instanceof z.ZodNumber) return 12_345.678;
  return 'many words '.repeat(depth > 2 ? 20 : 20_000);
}

const validators = [new AjvJsonSchemaValidator(), new CfWorkerJsonSchemaValidator()];

function expectValid({ output, name }: Tool, { structuredContent }: Result): void {
  for (const validator of validators) {
    const { valid, errorMessage } = validator.getValidator(toJsonSchema(output))(structuredContent);
    expect({ valid, errorMessage }, name).toEqual({ valid: true, errorMessage: undefined });
  }
}

test.each(tools)('$name never exceeds the limit of a host, and says what is cut', (tool) => {
  const result = valueResult(tool, tooMuch(tool.output) as Record<string, unknown>, { isCapped: true });
  expect(tokensOf(result)).toBeLessThanOrEqual(MOST_TOKENS);
  expectValid(tool, result);
  expect(result.content.map(({ text }) => text).join('\n')).toMatch(
    /\[cut: \d+ of \d+ characters\]|Truncated to fit a context: /,
  );
});

test.each(tools)('$name: an error never exceeds the limit of a host', () => {
  for (const texts of [['words '.repeat(100_000)], Array.from({ length: 3 }, () => '🦙'.repeat(50_000))])
    expect(tokensOf(failureResult(...texts))).toBeLessThanOrEqual(MOST_TOKENS);
});

/** Possible answers of a model. */
const answers = fc.record(
  {
    model: fc.string(),
    text: fc.string({ unit: 'binary' }),
    parsed: fc.jsonValue({ maxDepth: 5 }),
    thinking: fc.string(),
    tool_calls: fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
    done_reason: fc.string(),
    usage: fc.constant({ total_ms: 1 }),
  },
  { requiredKeys: ['model', 'text', 'usage'] },
);

test('any answer of a model is valid in the output schema', () => {
  const chat: Tool = tools.find(({ name }) => name === 'ollama_chat')!;
  fc.assert(
    fc.property(answers, fc.boolean(), (answer, many) => {
      const value = many ? { answers: [answer, answer] } : answer;
      expectValid(chat, valueResult(chat, value, { isCapped: true }));
    }),
  );
});

const deep = (levels: number) => `${'{"a":['.repeat(levels)}1${']}'.repeat(levels)}`;

test('JSON with 20,000 levels is shown as far as possible', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  server.chat({ text: [deep(10_000)] });
  const parsed = await call(connection, 'ollama_chat', { ...hello, format: { type: 'object' } });
  expect(parsed.isError, parsed.text.slice(0, 500)).toBe(false);
  expect(JSON.stringify(parsed.structured?.['parsed'])).toContain('[cut: nested deeper than 200 levels]');
  const toolCalls = [{ function: { name: 'f', arguments: JSON.parse(deep(120)) as Record<string, unknown> } }];
  server.on(
    'POST /api/chat',
    replyJson({
      model: 'chat-model',
      created_at: '2026-01-01T00:00:00Z',
      message: { role: 'assistant', content: 'Hi', tool_calls: toolCalls },
      done: true,
      done_reason: 'stop',
    }),
  );
  const called = await call(connection, 'ollama_chat', hello);
  expect(called.isError, called.text.slice(0, 500)).toBe(false);
  expect(JSON.stringify(called.structured?.['tool_calls'])).toContain('[cut: nested deeper than 200 levels]');
});

test('200,000 tool calls are shown as far as possible', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  const one = { function: { name: 'f', arguments: { a: 1 } } };
  const line = (count: number) => ({
    model: 'chat-model',
    created_at: '2026-01-01T00:00:00Z',
    message: { role: 'assistant', content: 'Hi', tool_calls: Array.from({ length: count }, () => one) },
    done: true,
    done_reason: 'stop',
  });
  server.on('POST /api/chat', replyJson(line(200_000)));
  const { isError, text, structured } = await call(connection, 'ollama_chat', hello);
  expect(isError, text.slice(0, 500)).toBe(false);
  expect(text).toContain('of 200000 items');
  expect(structured).toMatchObject({ text: 'Hi', notices: [{ code: 'result_cut' }] });
  expect((structured!['tool_calls'] as unknown[])[0]).toEqual(one);
});

test('of the best 1,000 of a ranking, as many as fit are shown', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  server.always.embed(({ body }) => ({ embeddings: (body['input'] as string[]).map((_, index) => [1, index]) }));
  const candidates = Array.from({ length: 2000 }, (_, index) => `candidate ${index} ${'with words '.repeat(40)}`);
  const { text, structured } = await call(connection, 'ollama_rank', {
    model: 'embedding-model',
    query: 'x',
    candidates,
    k: 1000,
  });
  expect(countTokens(text) + countTokens(JSON.stringify(structured))).toBeLessThanOrEqual(MOST_TOKENS);
  expect(text).toMatch(/results has \d+ of 1000 items/);
});

test('errors about 2,000 unknown options, and long server errors, stay within the limit', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  const options = Object.fromEntries(
    Array.from({ length: 2000 }, (_, index) => [`${'option'.repeat(20)}_${index}`, 1]),
  );
  const answered = await call(connection, 'ollama_chat', { ...hello, options });
  expect(countTokens(answered.text) + countTokens(JSON.stringify(answered.structured ?? ''))).toBeLessThanOrEqual(
    MOST_TOKENS,
  );
  server.chat(failWith(500, 'word '.repeat(100_000)));
  const failed = await call(connection, 'ollama_chat', hello);
  expect(failed.isError).toBe(true);
  expect(countTokens(failed.text)).toBeLessThanOrEqual(MOST_TOKENS);
  server.on('POST /api/show', replyJson({ details: {}, model_info: Object.fromEntries(Object.entries(options)) }));
  const shown = await call(connection, 'ollama_show_model', { model: 'chat-model', verbose: true });
  expect(countTokens(shown.text) + countTokens(JSON.stringify(shown.structured))).toBeLessThanOrEqual(MOST_TOKENS);
});
