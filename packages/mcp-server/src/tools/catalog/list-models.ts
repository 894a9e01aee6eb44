import * as z from 'zod';
import { readModelList } from '../support/installed-models.ts';
import { defineTool, readOnly } from '../tool.ts';

/** Some fifty tokens each. */
const MAX_ROWS = 200;

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
  output: z.object({ models: z.array(Row), models_left_off: z.number().optional() }),
  annotations: readOnly,
  toolset: 'models',
  run: (_, context) => readModelList(context, context.isUncapped ? Number.POSITIVE_INFINITY : MAX_ROWS),
  text({ models, models_left_off = 0 }) {
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
    if (models_left_off > 0) rows.push(`[${rows.length} of ${rows.length + models_left_off} models]`);
    return [rows.join('\n')];
  },
});
