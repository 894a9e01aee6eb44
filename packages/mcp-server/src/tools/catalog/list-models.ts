import * as z from 'zod';
import { readModelList } from '../support/installed-models.ts';
import { defineTool, readOnly } from '../tool.ts';

/** About fifty tokens each. */
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
  description:
    'Lists the models installed in Ollama: size, parameters, quantization, context, capabilities, loaded or not.',
  input: z.strictObject({}),
  output: z.object({
    models: z.array(Row),
    models_left_off: z.number().optional(),
    unreachable: z.array(z.object({ server: z.string(), problem: z.string() })).optional(),
  }),
  annotations: readOnly,
  toolset: 'models',
  hasPage: true,
  server: 'own',
  fieldNeeds: { unreachable: 'servers' },
  run: (_, { servers, signal, isUncapped }) =>
    readModelList(servers, signal, isUncapped ? Number.POSITIVE_INFINITY : MAX_ROWS),
  failed: ({ models, unreachable = [] }) => models.length === 0 && unreachable.length > 0,
  text({ models, models_left_off = 0, unreachable = [] }) {
    const problems = unreachable.map(({ server, problem }) => `${server}: not reachable: ${problem}`);
    if (models.length + problems.length === 0) return ['No models are installed. To install one: ollama pull <model>'];
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
    return [[...rows, ...problems].join('\n')];
  },
});
