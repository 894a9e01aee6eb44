import { WebSearchRequest } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';
import { bare } from '../support/input-fields.ts';
import { defineTool, readOnly } from '../tool.ts';

const { query, max_results } = WebSearchRequest.shape;

const TIMEOUT_MS = 45_000;

export const webSearch = defineTool({
  name: 'ollama_web_search',
  title: 'Search the web',
  description: "Searches the web through Ollama's cloud: titles, addresses and texts.",
  input: z.strictObject({ query: bare(query), max_results }),
  output: z.object({
    results: z.array(
      z.object({ title: z.string().optional(), url: z.string().optional(), content: z.string().optional() }),
    ),
  }),
  annotations: { ...readOnly, openWorldHint: true },
  toolset: 'web',
  server: 'first',
  async run(request, { ollama, signal }) {
    const { results } = await ollama.webSearch(request, { signal, timeouts: { totalMs: TIMEOUT_MS } });
    return { results: results.map(({ title, url, content }) => ({ title, url, content })) };
  },
  text({ results }) {
    if (results.length === 0) return ['Nothing was found.'];
    return results.map(({ title = '', url = '', content = '' }) => `${title}\n${url}\n${content}`.trim());
  },
});
