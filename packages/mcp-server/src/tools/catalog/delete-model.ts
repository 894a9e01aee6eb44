import * as z from 'zod';
import { Refusal } from '../refusal.ts';
import * as fields from '../support/input-fields.ts';
import { described, findInstalled } from '../support/model-name.ts';
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
    // Report an unknown name before asking anybody to confirm.
    const installed = await findInstalled(model, ollama, signal);
    if (installed === undefined) {
      // This throws the server's own error.
      await ollama.show({ model }, { signal });
      throw new Refusal(`The model ${JSON.stringify(model)} is not in the list of installed models.`);
    }
    const { name } = installed;
    await sure({
      question: `Delete the model ${described(installed)} from the disk? This can't be undone.`,
      name,
      confirm,
    });
    await ollama.delete({ model: name }, { signal });
    return { model: name, deleted: true };
  },
  text: ({ model }) => [`${model} is deleted.`],
});
