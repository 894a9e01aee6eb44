import { CreateRequest } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';
import { listedAs, word } from '../field-marks.ts';
import * as fields from '../support/input-fields.ts';
import { described, findInstalled } from '../support/model-name.ts';
import { guardModelfile, guardName, modelIn } from '../support/modelfile-paths.ts';
import { Transfer, transfer, transferText } from '../support/transfer.ts';
import { defineTool } from '../tool.ts';

const { modelfile, template, parameters, license, quantize } = CreateRequest.shape;

export const createModel = defineTool({
  name: 'ollama_create_model',
  title: 'Create a model',
  description: 'Creates an Ollama model from an installed one or from the text of a Modelfile.',
  input: z.strictObject({
    model: fields.model,
    from: word(fields.model.optional().describe('Installed model; omit if modelfile is given')),
    modelfile: modelfile.describe('Text of a Modelfile; omit if from is given'),
    system: fields.system,
    template: fields.bare(template),
    parameters: fields.anyOptions.describe(parameters.description ?? ''),
    messages: z.array(fields.message).optional(),
    license: listedAs(fields.bare(license), { type: 'string' }),
    quantize: word(quantize.describe('Such as "q4_K_M"')),
    confirm: fields.confirmReplacing,
  }),
  output: Transfer,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  toolset: 'manage',
  server: ['from', 'model'],
  fieldNeeds: { job: 'session' },
  named: ({ from, modelfile }) => ({ from: from ?? modelIn(modelfile) }),
  async run({ confirm, modelfile, ...request }, context) {
    const { ollama, signal, files } = context;
    const { model } = request;
    if (request.from !== undefined) guardName(request.from);
    const guarded = modelfile === undefined ? {} : await guardModelfile(modelfile, files);
    const replaced = await findInstalled(model, ollama, signal);
    if (replaced) {
      const question = `Replace the installed model ${described(replaced)} with a new one? It can't be restored.`;
      await context.confirm({ question, name: replaced.name, confirm });
    }
    return transfer(model, ollama.createStream({ ...guarded, ...request }, { signal }), context);
  },
  text: transferText,
});
