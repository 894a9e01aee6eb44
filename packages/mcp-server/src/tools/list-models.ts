import * as z from 'zod';
import { defineTool, readOnly } from '../tool.ts';
import { modelFacts } from './model-facts.ts';
import { sizeText } from './size-text.ts';

const Row = z.object({
  name: z.string(),
  size: z.string().describe('On disk'),
  params: z.string().optional(),
  quantization: z.string().optional(),
  context: z.number().optional(),
  capabilities: z.array(z.string()).optional(),
  loaded: z.boolean(),
});

export const listModels = defineTool({
  name: 'ollama_list_models',
  title: 'List local models',
  description: 'Models installed in Ollama: size, parameters, quantization, context, capabilities, loaded or not.',
  input: z.strictObject({}),
  output: z.object({ models: z.array(Row) }),
  annotations: readOnly,
  toolset: 'models',
  async run(_, { ollama, signal }) {
    const [{ models }, running] = await Promise.all([ollama.list({ signal }), ollama.ps({ signal })]);
    const loaded = new Set(running.models.map(({ name }) => name));
    const facts = await modelFacts(models, ollama, signal);
    return {
      models: models.map(({ name, size, details }, index) => {
        const { capabilities, context } = facts[index] ?? {};
        return {
          name,
          size: sizeText(size),
          ...(details?.parameter_size && { params: details.parameter_size }),
          ...(details?.quantization_level && { quantization: details.quantization_level }),
          ...(context !== undefined && { context }),
          ...(capabilities && { capabilities }),
          loaded: loaded.has(name),
        };
      }),
    };
  },
  text({ models }) {
    if (models.length === 0) return ['No model is installed. To get one: ollama pull <model>'];
    const rows = models.map((row) =>
      [
        row.name,
        row.size,
        row.params,
        row.quantization,
        row.context !== undefined && `context ${row.context}`,
        row.capabilities?.join(' '),
        row.loaded ? 'loaded' : 'not loaded',
      ]
        .filter(Boolean)
        .join(', '),
    );
    return [rows.join('\n')];
  },
});
