/** Web search and web pages, through ollama.com: `/api/web_search`, `/api/web_fetch`. */
import * as z from 'zod';
import type * as api from './interfaces.ts';

export const WebSearchRequest = z.object({
  query: z.string().describe('Search query'),
  max_results: z.number().int().optional().describe('Maximum number of results, 1 to 10 (default 5)'),
});
export type WebSearchRequest = api.WebSearchRequest;

export const WebSearchResponse = z.looseObject({
  results: z
    .array(
      z.looseObject({
        title: z.string().optional().describe('Title of the page'),
        url: z.string().optional().describe('URL of the page'),
        content: z.string().optional().describe('Excerpt that matches the query'),
      }),
    )
    .describe('Pages found, the best match first'),
});
export type WebSearchResponse = api.WebSearchResponse;

export const WebFetchRequest = z.object({ url: z.string().describe('URL of the page') });
export type WebFetchRequest = api.WebFetchRequest;

export const WebFetchResponse = z.looseObject({
  title: z.string().optional().describe('Title of the page'),
  content: z.string().optional().describe('Text of the page'),
  links: z.array(z.string()).nullish().describe('URLs that the page links to'),
});
export type WebFetchResponse = api.WebFetchResponse;
