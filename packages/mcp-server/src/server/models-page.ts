import type { Offer } from '../page/offer.ts';
import { version } from '../version.ts';
import { modelsPageHtml } from './models-page-html.ts';

/** Name under which clients declare the MCP extension for pages. */
const EXTENSION = 'io.modelcontextprotocol/ui';
const mimeType = 'text/html;profile=mcp-app';

const PREFIX = 'ui://ollama-toolbelt/models';

/** Tools that the page calls. */
const inference = ['ollama_chat', 'ollama_rank'];
const manage = ['ollama_load_model', 'ollama_unload_model', 'ollama_pull_model', 'ollama_delete_model'];
const used = ['ollama_list_models', 'ollama_status', 'ollama_job', ...inference, ...manage];

/** The page loads nothing from any origin. */
const _meta = {
  ui: {
    csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] },
    prefersBorder: true,
  },
};

const about = {
  name: 'models_page',
  title: 'Ollama models',
  description: 'A page to view, try and manage models',
};

/** What the page needs to know about its server. */
export interface PageSettings {
  /** Names of the server's tools. */
  offered: readonly string[];
  models: Offer['models'];
  isReadOnly: boolean;
}

/** The page that hosts show with the list of models, if they show pages (MCP Apps). */
export class ModelsPage {
  readonly #settings: PageSettings;
  readonly #html: string | undefined;

  constructor(settings: PageSettings, html: string | undefined = modelsPageHtml) {
    this.#settings = settings;
    this.#html = html;
  }

  /** Its address for a client that may call these tools; `undefined` if they are not enough for a page. */
  uri(tools: readonly string[]): string | undefined {
    const text = this.#text(tools);
    // Hosts cache a page by its address, so a different page needs a different one.
    return text === undefined ? undefined : `${PREFIX}-${hashOf(text)}.html`;
  }

  list(tools: readonly string[]): object[] {
    const uri = this.uri(tools);
    return uri === undefined ? [] : [{ uri, ...about, mimeType, _meta }];
  }

  /** Ignores the text after the prefix, so an older conversation shows the current page. */
  read(uri: string, tools: readonly string[]): object[] | undefined {
    const text = uri.startsWith(PREFIX) ? this.#text(tools) : undefined;
    return text === undefined ? undefined : [{ uri, mimeType, text, _meta }];
  }

  #text(tools: readonly string[]): string | undefined {
    if (!tools.includes('ollama_list_models')) return undefined;
    const called = used.filter((name) => tools.includes(name)).map((name) => name.replace('ollama_', ''));
    const offer: Offer = { version, tools: called, models: this.#settings.models, hint: this.#hint(tools) };
    // In HTML, a script element ends at the first "</script".
    const json = JSON.stringify(offer).replaceAll('<', '\\u003c');
    return this.#html?.replace('{}', () => json);
  }

  #hint(tools: readonly string[]): string | undefined {
    const { offered, isReadOnly } = this.#settings;
    const lacks = (names: readonly string[], all = tools) => !names.some((name) => all.includes(name));
    if (lacks(manage)) {
      if (!lacks(manage, offered)) return 'Managing models here needs the scope ollama:manage.';
      return isReadOnly
        ? 'The server is read-only (--read-only), so it does not change models.'
        : 'To manage models here, start the server with --toolsets inference,models,manage.';
    }
    if (!lacks(inference)) return undefined;
    return lacks(inference, offered)
      ? 'To try models here, start the server with --toolsets inference,models,manage.'
      : 'Trying models here needs the scope ollama:run.';
  }
}

/** Whether a client shows pages. If it has declared nothing, as over HTTP without sessions, assume that it does. */
export function showsPages(capabilities: { extensions?: Record<string, unknown> | undefined } | undefined): boolean {
  if (capabilities === undefined) return true;
  const { mimeTypes } = (capabilities.extensions?.[EXTENSION] ?? {}) as { mimeTypes?: unknown };
  return Array.isArray(mimeTypes) && mimeTypes.includes(mimeType);
}

/** FNV-1a: enough to tell one page from another. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}
