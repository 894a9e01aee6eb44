import { describe, expect, test } from 'vitest';
import { embeddingShape, embedShape, progressShape } from './answer-shape.ts';
import { chatShape, generateShape } from './content-shape.ts';
import { modelsShape } from './list-route.ts';
import type { ShapeCheck } from './shape-check.ts';

/** An object nested in this many others. */
const nested = (levels: number): unknown => (levels === 0 ? 1 : { in: nested(levels - 1) });
const call = { function: { name: 'f', arguments: {} } };

type Case = readonly [answer: Record<string, unknown>, wrong: string | undefined];

function holds(check: ShapeCheck, cases: readonly Case[]): void {
  for (const [answer, wrong] of cases) {
    const json = JSON.stringify(answer);
    expect(check(answer, json.length), json.slice(0, 200)).toBe(wrong);
  }
}

test('a line of chat', () => {
  holds(chatShape, [
    [{}, undefined],
    [{ message: null }, undefined],
    [{ message: 'x' }, 'message is not an object'],
    [{ message: [] }, 'message is not an object'],
    [{ message: {} }, undefined],
    [{ message: { content: null, thinking: null, tool_calls: null } }, undefined],
    [{ message: { content: 1 } }, 'message.content is not text'],
    [{ message: { content: '', thinking: {} } }, 'message.thinking is not text'],
    [{ message: { tool_calls: {} } }, 'message.tool_calls is not a list'],
    [{ message: { tool_calls: [] } }, undefined],
    [{ message: { tool_calls: [call, call] } }, undefined],
    [{ message: {}, done: true, model: 5 }, 'model is not text'],
    [{ done: true, model: 5 }, 'model is not text'],
    [{ message: null, done: true, model: 5 }, 'model is not text'],
  ]);
});

test.each([
  [call, null],
  [call, 'f'],
  [call, []],
  [call, {}],
  [call, { function: null }],
  [call, { function: 'f' }],
  [call, { function: { name: 1 } }],
  [{ name: 'f' }],
])('a call without the name of a function: %j %j', (...tool_calls) => {
  const wrong = 'tool_calls has a call without the name of a function';
  expect(chatShape({ message: { tool_calls } }, 100)).toBe(`message.${wrong}`);
  expect(generateShape({ tool_calls }, 100)).toBe(wrong);
});

test('a line of generate', () => {
  holds(generateShape, [
    [{}, undefined],
    [{ response: 'x' }, undefined],
    [{ response: 1 }, 'response is not text'],
    [{ response: 'x', thinking: 1 }, 'thinking is not text'],
    [{ response: 'x', done: true, eval_count: '1' }, 'eval_count is not a number'],
  ]);
});

test('nothing is nested deeper than 500 levels', () => {
  holds(generateShape, [
    [{ context: nested(500) }, undefined],
    [{ context: nested(501) }, 'context is nested too deeply'],
    [{ context: [1, nested(500)] }, 'context is nested too deeply'],
    [{ context: null, text: 'x' }, undefined],
  ]);
  const tool_calls = [{ function: { name: 'f', arguments: nested(600) } }];
  expect(chatShape({ message: { tool_calls } }, 10_000)).toBe('message.tool_calls is nested too deeply');
});

describe('the last line', () => {
  test.each(['model', 'done_reason'])('%s is text', (name) => {
    holds(generateShape, [
      [{ done: true, [name]: 1 }, `${name} is not text`],
      [{ done: false, [name]: 1 }, undefined],
      [{ done: true, [name]: null }, undefined],
      [{ done: true, [name]: 'x' }, undefined],
    ]);
  });

  test.each([
    'total_duration',
    'load_duration',
    'prompt_eval_count',
    'prompt_eval_duration',
    'eval_count',
    'eval_duration',
  ])('%s is a number', (name) => {
    holds(generateShape, [
      [{ done: true, [name]: '1' }, `${name} is not a number`],
      [{ done: 'true', [name]: '1' }, undefined],
      [{ done: true, [name]: null }, undefined],
      [{ done: true, [name]: 1 }, undefined],
    ]);
  });

  test('any line may have a list of logprobs', () => {
    holds(generateShape, [
      [{ logprobs: {} }, 'logprobs is not a list'],
      [{ logprobs: [] }, undefined],
      [{ logprobs: null }, undefined],
    ]);
  });
});

test('a line of pull, push or create', () => {
  holds(progressShape, [
    [{}, undefined],
    [{ status: 'success', total: 1, completed: null }, undefined],
    [{ status: 1 }, 'status is not text'],
    [{ status: null }, undefined],
    [{ total: '1' }, 'total or completed is not a number'],
    [{ total: 1, completed: '1' }, 'total or completed is not a number'],
  ]);
});

test('a list of models', () => {
  holds(modelsShape, [
    [{ models: null }, undefined],
    [{ models: [] }, undefined],
    [{ models: [{ name: 'a' }] }, undefined],
    [{}, 'models is not a list'],
    [{ models: {} }, 'models is not a list'],
    [{ models: [null] }, 'models[0] has no name'],
    [{ models: [{ name: 'a' }, { name: 1 }] }, 'models[1] has no name'],
    [{ models: [{ name: 'a' }, 'b'] }, 'models[1] has no name'],
  ]);
});

test('vectors', () => {
  holds(embedShape, [
    [{}, undefined],
    [{ embeddings: null }, undefined],
    [{ embeddings: [[1, 2], []] }, undefined],
    [{ embeddings: 1 }, 'embeddings is not a list'],
    [{ embeddings: ['x'] }, 'embeddings[0] is not a list of numbers'],
    [{ embeddings: [[1], [1, 'x']] }, 'embeddings[1] is not a list of numbers'],
    [{ embeddings: [[null]] }, 'embeddings[0] is not a list of numbers'],
  ]);
  holds(embeddingShape, [
    [{}, undefined],
    [{ embedding: null }, undefined],
    [{ embedding: [1] }, undefined],
    [{ embedding: 1 }, 'embedding is not a list of numbers'],
    [{ embedding: [1, '2'] }, 'embedding is not a list of numbers'],
  ]);
});
