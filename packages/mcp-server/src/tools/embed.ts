import { EmbedRequest } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';
import { defineTool, readOnly } from '../tool.ts';
import * as fields from './fields.ts';
import { usageOf } from './usage.ts';

/** Most numbers in one result, which goes to a program or through the context of a model. */
const MAX_NUMBERS = 32_768;

export const embed = defineTool({
  name: 'ollama_embed',
  title: 'Embed texts with a local model',
  description: 'Embeds texts with an Ollama embedding model; the vectors come back with include_vectors only.',
  input: z.strictObject({
    model: fields.model,
    ...EmbedRequest.pick({ input: true, dimensions: true, truncate: true }).shape,
    keep_alive: fields.keep_alive,
    options: z.looseObject({}).optional(),
    include_vectors: z.boolean().optional().describe(`Return vectors, up to ${MAX_NUMBERS} numbers in all`),
  }),
  output: z.object({
    model: z.string(),
    count: z.number(),
    dimensions: z.number(),
    embeddings: z.array(z.array(z.number())).optional(),
    embeddings_left_off: z.number().optional(),
    usage: z.record(z.string(), z.number()),
  }),
  annotations: readOnly,
  toolset: 'inference',
  defaultModel: 'embed',
  async run({ include_vectors, ...request }, { ollama, signal, progress }) {
    progress.report(0, `embedding with ${request.model}`);
    const answer = await ollama.embed(request, { signal });
    const count = answer.embeddings.length;
    const dimensions = answer.embeddings[0]?.length ?? 0;
    const result = { model: answer.model, count, dimensions, usage: usageOf(answer) };
    if (!include_vectors) return result;
    const embeddings = answer.embeddings.slice(0, Math.max(1, Math.floor(MAX_NUMBERS / Math.max(dimensions, 1))));
    return {
      ...result,
      embeddings,
      ...(embeddings.length < count && { embeddings_left_off: count - embeddings.length }),
    };
  },
});
