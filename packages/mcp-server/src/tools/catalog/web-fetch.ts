import { WebFetchRequest } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';
import { bare, offset } from '../support/input-fields.ts';
import { textFrom } from '../support/text-from.ts';
import { defineTool, readOnly } from '../tool.ts';

const TIMEOUT_MS = 45_000;
const MAX_LINKS = 50;

export const webFetch = defineTool({
  name: 'ollama_web_fetch',
  title: 'Read a web page',
  description: "Reads a web page through Ollama's cloud, as text with its links.",
  input: z.strictObject({ url: bare(WebFetchRequest.shape.url), offset }),
  output: z.object({
    url: z.string(),
    title: z.string().optional(),
    content: z.string(),
    offset: z.number().optional(),
    links: z.array(z.string()).optional(),
    links_left_off: z.number().optional(),
  }),
  annotations: { ...readOnly, openWorldHint: true },
  toolset: 'web',
  server: 'first',
  async run({ url, offset = 0 }, { ollama, signal, isUncapped }) {
    const page = await ollama.webFetch({ url }, { signal, timeouts: { totalMs: TIMEOUT_MS } });
    // The beginning of the page came with its links.
    const all = offset > 0 ? [] : (page.links ?? []);
    const links = isUncapped ? all : all.slice(0, MAX_LINKS);
    return {
      url,
      ...(page.title !== undefined && { title: page.title }),
      content: textFrom(offset, page.content ?? ''),
      ...(offset > 0 && { offset }),
      ...(links.length > 0 && { links }),
      ...(links.length < all.length && { links_left_off: all.length - links.length }),
    };
  },
  skipped: ({ offset = 0 }) => offset,
  text({ url, title = '', content, links = [], links_left_off = 0 }) {
    const more = links_left_off > 0 ? ` (${links.length} of ${links.length + links_left_off})` : '';
    return [
      `${title}\n${url}\n\n${content}`.trim(),
      ...(links.length > 0 ? [`Links${more}:\n${links.join('\n')}`] : []),
    ];
  },
});
