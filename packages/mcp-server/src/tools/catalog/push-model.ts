import * as z from 'zod';
import * as fields from '../support/input-fields.ts';
import { Transfer, transfer, transferText } from '../support/transfer.ts';
import { defineTool } from '../tool.ts';

export const pushModel = defineTool({
  name: 'ollama_push_model',
  title: 'Publish a model',
  description: 'Publishes a model of Ollama in its registry, under the account that Ollama is signed in with.',
  input: z.strictObject({
    model: fields.model.describe('With its account, as in "me/model"'),
    confirm: fields.confirm,
  }),
  output: Transfer,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  toolset: 'manage',
  fieldNeeds: { job: 'session' },
  async run({ model, confirm }, context) {
    await context.confirm({ question: `Publish the model ${model}?`, name: model, confirm });
    return transfer(model, context.ollama.pushStream({ model }, { signal: context.signal }), context);
  },
  text: transferText,
});
