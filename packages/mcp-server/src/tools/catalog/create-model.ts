import { CreateRequest } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';
import * as fields from '../support/input-fields.ts';
import { isInstalled } from '../support/installed-models.ts';
import { guardModelfile, guardName } from '../support/modelfile-paths.ts';
import { Transfer, transfer, transferText } from '../support/transfer.ts';
import { defineTool } from '../tool.ts';

const { from, modelfile, template, parameters, license, quantize } = CreateRequest.shape;

export const createModel = defineTool({
  name: 'ollama_create_model',
  title: 'Create a model',
  description: 'Makes a model in Ollama from an installed one or from the text of a Modelfile.',
  input: z.strictObject({
    model: fields.model,
    from: from.describe('Installed model'),
    modelfile: fields.bare(modelfile),
    system: fields.system,
    template: fields.bare(template),
    parameters: fields.anyOptions.describe(parameters.description ?? ''),
    messages: z.array(fields.message).optional(),
    license: fields.bare(license),
    quantize: quantize.describe('Such as "q4_K_M"'),
    confirm: fields.confirmReplacing,
  }),
  output: Transfer,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  toolset: 'manage',
  fieldNeeds: { job: 'session' },
  async run({ confirm, modelfile, ...request }, context) {
    const { ollama, signal, files } = context;
    const { model } = request;
    if (request.from !== undefined) guardName(request.from);
    const guarded = modelfile === undefined ? {} : await guardModelfile(modelfile, files);
    if (await isInstalled(model, ollama, signal)) {
      await context.confirm({ question: `Replace the model ${model}?`, name: model, confirm });
    }
    return transfer(model, ollama.createStream({ ...guarded, ...request }, { signal }), context);
  },
  text: transferText,
});
