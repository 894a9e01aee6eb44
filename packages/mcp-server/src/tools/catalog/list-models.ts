import * as z from 'zod';
import { sizeText } from '../support/format-bytes.ts';
import { modelFacts } from '../support/model-facts.ts';
import { defineTool, readOnly, type ToolContext } from '../tool.ts';

/** Some fifty tokens each. */
const MOST_ROWS = 200;

const Row = z.object({
  name: z.string(),
  size: z.string().describe('On disk'),
  params: z.string().optional(),
  quantization: z.string().optional(),
  context: z.number().optional(),
  capabilities: z.array(z.string()).optional(),
  loaded: z.boolean(),
});

const ModelList = z.object({ models: z.array(Row), models_left_off: z.number().optional() });
type ModelList = z.input<typeof ModelList>;

export const listModels = defineTool({
  name: 'ollama_list_models',
  title: 'List local models',
  description: 'Models installed in Ollama: size, parameters, quantization, context, capabilities, loaded or not.',
  input: z.strictObject({}),
  output: ModelList,
  annotations: readOnly,
  toolset: 'models',
  run: (_, context) => readModelList(context, context.isUncapped ? Number.POSITIVE_INFINITY : MOST_ROWS),
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

/** The installed models, each in a few facts; of very many the first, which are the newest. */
export async function readModelList(
  { ollama, signal }: Pick<ToolContext, 'ollama' | 'signal'>,
  most = Number.POSITIVE_INFINITY,
): Promise<ModelList> {
  const [installed, running] = await Promise.all([ollama.list({ signal }), ollama.ps({ signal })]);
  const models = installed.models.slice(0, most);
  const left = installed.models.length - models.length;
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
    ...(left > 0 && { models_left_off: left }),
  };
}
