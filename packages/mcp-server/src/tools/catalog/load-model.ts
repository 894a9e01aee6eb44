import * as z from 'zod';
import * as fields from '../support/input-fields.ts';
import { noticeLines, ongoing } from '../support/output-fields.ts';
import { defineTool } from '../tool.ts';

export const loadModel = defineTool({
  name: 'ollama_load_model',
  title: 'Load a model',
  description: 'Loads an Ollama model into memory in advance, or changes how long it stays there.',
  input: z.strictObject({
    model: fields.model,
    keep_alive: fields.keep_alive,
    options: fields.anyOptions.describe('Such as num_ctx'),
  }),
  output: z.object({ model: z.string(), loaded: z.boolean(), ...ongoing }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  toolset: 'manage',
  fieldNeeds: { job: 'session' },
  defaultModel: 'chat',
  async run(request, { ollama, signal, progress, partial }) {
    progress.report(0, `loading ${request.model}`);
    partial({ value: () => ({ model: request.model, loaded: false }) });
    await ollama.load(request, { signal });
    return { model: request.model, loaded: true };
  },
  text: ({ model, loaded, job, notices = [] }) => [
    [
      loaded ? `${model} is loaded.` : `${model} is still loading${job === undefined ? '' : `, job ${job}`}.`,
      ...noticeLines(notices),
    ].join('\n'),
  ],
});
