import * as z from 'zod';
import * as fields from '../support/input-fields.ts';
import { described, findInstalled } from '../support/model-name.ts';
import { defineTool } from '../tool.ts';

export const copyModel = defineTool({
  name: 'ollama_copy_model',
  title: 'Copy a model',
  description: 'Copies an Ollama model to another name, which takes no extra disk space.',
  input: z.strictObject({
    source: fields.model,
    destination: fields.model,
    confirm: fields.confirmReplacing,
  }),
  output: z.object({ source: z.string(), destination: z.string(), copied: z.boolean() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  toolset: 'manage',
  server: ['source', 'destination'],
  async run({ source, destination, confirm }, { ollama, signal, confirm: sure }) {
    const replaced = await findInstalled(destination, ollama, signal);
    if (replaced) {
      const question = `Replace the installed model ${described(replaced)} with a copy of ${JSON.stringify(source)}? It can't be restored.`;
      await sure({ question, name: replaced.name, confirm });
    }
    await ollama.copy({ source, destination }, { signal });
    return { source, destination, copied: true };
  },
  text: ({ source, destination }) => [`${source} is copied to ${destination}.`],
});
