import * as z from 'zod';
import * as fields from '../support/input-fields.ts';
import { Transfer, transfer, transferText } from '../support/transfer.ts';
import { defineTool } from '../tool.ts';

export const pullModel = defineTool({
  name: 'ollama_pull_model',
  title: 'Download a model',
  description: 'Downloads a model into Ollama, or goes on with a download that was interrupted.',
  input: z.strictObject({ model: fields.model.describe('Such as "llama3.2:1b" or "hf.co/owner/name:Q4_K_M"') }),
  output: Transfer,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  toolset: 'manage',
  fieldNeeds: { job: 'session' },
  run: ({ model }, context) =>
    transfer(model, context.ollama.pullStream({ model }, { signal: context.signal }), context),
  text: transferText,
});
