import { CopyRequest } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';
import * as fields from '../support/input-fields.ts';
import { isInstalled } from '../support/installed-models.ts';
import { defineTool } from '../tool.ts';

export const copyModel = defineTool({
  name: 'ollama_copy_model',
  title: 'Copy a model',
  description: 'Copies a model of Ollama to another name, which takes no further space.',
  input: z.strictObject({
    source: fields.bare(CopyRequest.shape.source),
    destination: fields.bare(CopyRequest.shape.destination),
    confirm: fields.confirmReplacing,
  }),
  output: z.object({ source: z.string(), destination: z.string(), copied: z.boolean() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  toolset: 'manage',
  async run({ source, destination, confirm }, { ollama, signal, confirm: sure }) {
    if (await isInstalled(destination, ollama, signal)) {
      await sure({ question: `Replace the model ${destination} by ${source}?`, name: destination, confirm });
    }
    await ollama.copy({ source, destination }, { signal });
    return { source, destination, copied: true };
  },
  text: ({ source, destination }) => [`${source} is copied to ${destination}.`],
});
