import * as z from 'zod';
import * as fields from '../support/input-fields.ts';
import { defineTool } from '../tool.ts';

export const deleteModel = defineTool({
  name: 'ollama_delete_model',
  title: 'Delete a model',
  description: 'Deletes a model from Ollama and from the disk.',
  input: z.strictObject({ model: fields.model, confirm: fields.confirm }),
  output: z.object({ model: z.string(), deleted: z.boolean() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  toolset: 'manage',
  async run({ model, confirm }, { ollama, signal, confirm: sure }) {
    // A name that does not exist is told before anybody is asked about it.
    await ollama.show({ model }, { signal });
    await sure({ question: `Delete the model ${model}?`, name: model, confirm });
    await ollama.delete({ model }, { signal });
    return { model, deleted: true };
  },
  text: ({ model }) => [`${model} is deleted.`],
});
