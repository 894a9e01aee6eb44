import * as z from 'zod';
import * as fields from '../support/input-fields.ts';
import { described, findInstalled } from '../support/model-name.ts';
import { Transfer, transfer, transferText } from '../support/transfer.ts';
import { defineTool } from '../tool.ts';

export const pullModel = defineTool({
  name: 'ollama_pull_model',
  title: 'Download a model',
  description: 'Downloads a model into Ollama, or resumes an interrupted download.',
  input: z.strictObject({
    model: fields.model.describe('Such as "llama3.2:1b" or "hf.co/owner/name:Q4_K_M"'),
    confirm: fields.confirmReplacing,
  }),
  output: Transfer,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  toolset: 'manage',
  fieldNeeds: { job: 'session' },
  async run({ model, confirm }, context) {
    const { ollama, signal } = context;
    const replaced = await findInstalled(model, ollama, signal);
    if (replaced) {
      const question = `Replace the installed model ${described(replaced)} with the one in the registry? If they differ, it can't be restored.`;
      await context.confirm({ question, name: replaced.name, confirm });
    }
    return transfer(model, ollama.pullStream({ model }, { signal }), context);
  },
  text: transferText,
});
