/** Search and pages of the web, through ollama.com: `/api/web_search`, `/api/web_fetch`. */
import * as z from 'zod';

export const WebSearchRequest = z.object({
  query: z.string().describe('What to look for'),
  max_results: z.number().int().optional().describe('Most results, 1 to 10 (default 5)'),
});
export type WebSearchRequest = z.input<typeof WebSearchRequest>;

export const WebSearchResponse = z.looseObject({
  results: z.array(
    z.looseObject({ title: z.string().optional(), url: z.string().optional(), content: z.string().optional() }),
  ),
});
export type WebSearchResponse = z.output<typeof WebSearchResponse>;

export const WebFetchRequest = z.object({ url: z.string().describe('Address of the page') });
export type WebFetchRequest = z.input<typeof WebFetchRequest>;

export const WebFetchResponse = z.looseObject({
  title: z.string().optional(),
  content: z.string().optional(),
  links: z.array(z.string()).nullish(),
});
export type WebFetchResponse = z.output<typeof WebFetchResponse>;
