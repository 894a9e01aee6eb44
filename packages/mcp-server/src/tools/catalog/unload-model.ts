import * as z from 'zod';
import * as fields from '../support/input-fields.ts';
import { defineTool } from '../tool.ts';

const TIMEOUT_MS = 30_000;

export const unloadModel = defineTool({
  name: 'ollama_unload_model',
  title: 'Unload a model',
  description: 'Unloads an Ollama model from memory; it stays installed.',
  input: z.strictObject({ model: fields.model }),
  output: z.object({ model: z.string(), unloaded: z.boolean() }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  toolset: 'manage',
  defaultModel: 'chat',
  async run({ model }, { ollama, signal }) {
    await ollama.unload({ model }, { signal, timeouts: { totalMs: TIMEOUT_MS } });
    return { model, unloaded: true };
  },
  text: ({ model }) => [`${model} is unloaded.`],
});
