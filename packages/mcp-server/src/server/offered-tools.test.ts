import { expect, test } from 'vitest';
import { tools } from '../tools/catalog/index.ts';
import type { Need } from '../tools/tool.ts';
import { toJsonSchema } from './json-schema.ts';
import { knownTools } from './known-tools.ts';
import { listedSchemas } from './listed-schemas.ts';
import { offeredTools } from './offered-tools.ts';
import { zodSchemas } from './zod-schemas.ts';

const needs: readonly Need[] = ['session', 'files', 'output', 'oneServer', 'servers'];
/** All subsets of the needs. */
const offers = Array.from({ length: 2 ** needs.length }, (_, bits) => needs.filter((_, index) => bits & (1 << index)));

test.each([{}, { chat: 'llama3.2' }, { chat: 'llama3.2', embed: 'all-minilm' }])(
  'the listed schemas match those that validate calls, with default models %j',
  (models) => {
    for (const offered of offers.map((names) => new Set(names))) {
      const listed = offeredTools(listedSchemas, knownTools, offered, models);
      const checked = offeredTools(zodSchemas, tools, offered, models).map((tool) => ({
        ...tool,
        input: toJsonSchema(tool.input),
        output: toJsonSchema(tool.output),
      }));
      expect(listed.map(({ name }) => name)).toEqual(checked.map(({ name }) => name));
      // Compared as text, because hosts also see the order of fields.
      for (const [index, { input, output, annotations }] of listed.entries()) {
        const { name, ...tool } = checked[index]!;
        expect(JSON.stringify({ input, output, annotations }), `${name}, ${[...offered]}`).toBe(
          JSON.stringify({ input: tool.input, output: tool.output, annotations: tool.annotations }),
        );
      }
    }
  },
);
