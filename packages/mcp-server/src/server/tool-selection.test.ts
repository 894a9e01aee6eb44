import { expect, test } from 'vitest';
import * as z from 'zod';
import { defineTool, readOnly, type Toolset } from '../tools/tool.ts';
import { selectTools, toolProblem, toolsetProblem } from './tool-selection.ts';

const named = (name: `ollama_${string}`, toolset: Toolset, changes = false) =>
  defineTool({
    name,
    title: name,
    description: name,
    input: z.strictObject({}),
    output: z.object({}),
    annotations: { ...readOnly, readOnlyHint: !changes },
    toolset,
    run: async () => ({}),
  });

const all = [
  named('ollama_chat', 'inference'),
  named('ollama_status', 'models'),
  named('ollama_delete_model', 'manage', true),
  named('ollama_web_search', 'web'),
];

const names = (selection: Parameters<typeof selectTools>[1]) => selectTools(all, selection).map(({ name }) => name);

test.each([
  [{}, ['ollama_chat', 'ollama_status']],
  [{ toolsets: ['web', 'inference'] }, ['ollama_chat', 'ollama_web_search']],
  [{ tools: ['ollama_delete_model'] }, ['ollama_delete_model']],
  [{ toolsets: ['models'], tools: ['ollama_chat'] }, ['ollama_chat', 'ollama_status']],
  [{ excludeTools: ['ollama_chat'] }, ['ollama_status']],
  [{ tools: ['ollama_chat'], excludeTools: ['ollama_chat'] }, []],
  [{ toolsets: ['manage', 'web'], tools: ['ollama_chat'], readOnly: true }, ['ollama_chat', 'ollama_web_search']],
])('%j gives %j', (selection, expected) => {
  expect(names(selection)).toEqual(expected);
});

test('the error for an unknown name lists the known ones', () => {
  expect(toolsetProblem('infernece')).toBe('There is no toolset infernece. There are: inference, models, manage, web.');
  expect(toolProblem('ollama_caht', all)).toBe(
    'There is no tool ollama_caht. Did you mean ollama_chat? There are: ollama_chat, ollama_status, ollama_delete_model, ollama_web_search.',
  );
  expect(() => names({ excludeTools: ['nothing'] })).toThrow('There is no tool nothing.');
});
