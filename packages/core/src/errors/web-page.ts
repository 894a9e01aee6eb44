import { cleanText } from './clean-text.ts';

const MAX_TITLE = 200;
const MAX_MESSAGE = 500;

interface Page {
  headers: Readonly<Record<string, string>>;
  text: string;
}

/** Whether a response is HTML or XML. */
export const looksLikeMarkup = ({ headers, text }: Page): boolean =>
  /html|xml/.test(headers['content-type'] ?? '') || text.trimStart().startsWith('<');

/** The title of a web page. */
export function pageTitle(text: string): string | undefined {
  const title = firstElement(text, 'title', MAX_TITLE);
  return title?.replace(/\s+/g, ' ');
}

/** The message of an XML error, as object stores and their CDNs write it. */
export const xmlMessage = (text: string): string | undefined =>
  /^\s*<(\?xml|Error)/.test(text) ? firstElement(text, 'message', MAX_MESSAGE) : undefined;

/** The text of the first element with this name. Looks at each character once, whatever the page contains. */
function firstElement(text: string, name: string, most: number): string | undefined {
  const start = text.toLowerCase().indexOf(`<${name}`);
  const open = start < 0 ? -1 : text.indexOf('>', start);
  if (open < 0) return undefined;
  const content = text.slice(open + 1, open + 1 + most).split('<', 1)[0] ?? '';
  return cleanText(content) || undefined;
}
