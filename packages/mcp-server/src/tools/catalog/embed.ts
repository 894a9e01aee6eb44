import { usageOf } from '@ollama-toolbelt/core/neutral';
import { EmbedRequest } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';
import { shownModel } from '../ollama-server.ts';
import * as fields from '../support/input-fields.ts';
import { ongoing, usage } from '../support/output-fields.ts';
import { defineTool, readOnly } from '../tool.ts';

/** In one result: a number takes about eight tokens in both forms together. */
const MAX_NUMBERS = 1536;
/** Keeping more would take too much memory. */
const MAX_KEPT_NUMBERS = 2_000_000;

const { dimensions, truncate } = EmbedRequest.shape;

const embeddingsUri = (id: string) => `ollama://embeddings/${id}`;

const Output = z.object({
  model: z.string(),
  count: z.number(),
  dimensions: z.number(),
  resource: z.string().optional().describe('URI of all vectors'),
  embeddings: z.array(z.array(z.number())).optional(),
  embeddings_left_off: z.number().optional(),
  ...ongoing,
  usage,
});
type Output = z.input<typeof Output>;

export const embed = defineTool({
  name: 'ollama_embed',
  title: 'Embed texts with a local model',
  description: 'Embeds texts with an Ollama embedding model; returns the vectors only with include_vectors.',
  input: z.strictObject({
    model: fields.model,
    // A single text is accepted too: it becomes a list before validation.
    input: z.array(z.string()),
    dimensions: dimensions.describe('Shorten the vectors to this length'),
    truncate: truncate.describe('false: a text that is too long is an error'),
    keep_alive: fields.keep_alive,
    options: fields.anyOptions,
    include_vectors: z.boolean().optional().describe(`Up to ${MAX_NUMBERS} numbers in all`),
  }),
  output: Output,
  annotations: readOnly,
  toolset: 'inference',
  fieldNeeds: { resource: 'session', job: 'session' },
  defaultModel: 'embed',
  async run({ include_vectors, ...request }, { server, ollama, signal, progress, partial, session, isUncapped }) {
    progress.report(0, `embedding with ${request.model}`);
    partial({ value: () => ({ model: request.model, count: 0, dimensions: 0, usage: {} }) });
    const { model, embeddings, ...answer } = await ollama.embed(request, { signal, embedCache: false });
    const count = embeddings.length;
    const dimensions = embeddings[0]?.length ?? 0;
    const numbers = count * dimensions;
    const isKept = session !== undefined && count > 0 && numbers <= MAX_KEPT_NUMBERS;
    const result: Output = {
      model,
      count,
      dimensions,
      ...(isKept && {
        resource: embeddingsUri(session.embeddings.add({ model: shownModel(server, model), embeddings })),
      }),
      ...(session !== undefined && numbers > MAX_KEPT_NUMBERS && { notices: [notKept(numbers)] }),
      usage: { ...usageOf(answer) },
    };
    if (!include_vectors) return result;
    const most = isUncapped ? count : Math.floor(MAX_NUMBERS / Math.max(dimensions, 1));
    const shown = embeddings.slice(0, most);
    return { ...result, embeddings: shown, ...(shown.length < count && { embeddings_left_off: count - shown.length }) };
  },
});

const notKept = (numbers: number) => ({
  code: 'not_kept',
  message: `The vectors have ${numbers} numbers; ${MAX_KEPT_NUMBERS} are kept at most. Embed fewer texts in one call.`,
});
