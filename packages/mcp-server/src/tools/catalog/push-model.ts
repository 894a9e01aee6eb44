import * as z from 'zod';
import * as fields from '../support/input-fields.ts';
import { described, findInstalled } from '../support/model-name.ts';
import { Transfer, transfer, transferText } from '../support/transfer.ts';
import { defineTool } from '../tool.ts';

export const pushModel = defineTool({
  name: 'ollama_push_model',
  title: 'Publish a model',
  description: 'Publishes an Ollama model to its registry, under the account that Ollama is signed in with.',
  input: z.strictObject({
    model: fields.model.describe('With the account, as in "me/model"'),
    confirm: fields.confirm,
  }),
  output: Transfer,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  toolset: 'manage',
  fieldNeeds: { job: 'session' },
  async run({ model, confirm }, context) {
    const { ollama, signal } = context;
    // If it is not installed, the server rejects the call.
    const installed = await findInstalled(model, ollama, signal);
    const { name } = installed ?? { name: model };
    const question = `Publish the model ${installed ? described(installed) : JSON.stringify(name)} to Ollama's registry? Others can then download it.`;
    await context.confirm({ question, name, confirm });
    return transfer(name, ollama.pushStream({ model: name }, { signal }), context);
  },
  text: transferText,
});
