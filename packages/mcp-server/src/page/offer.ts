/** What the server writes into the page: the page cannot ask a host for the list of tools. */
export interface Offer {
  version: string;
  /** Tools that the page uses and its reader may call, by their names without `ollama_`. */
  tools: readonly string[];
  /** Models to begin with, if the server has a default. */
  models: { chat?: string | undefined; embed?: string | undefined };
  /** What to change so that more can be done here. */
  hint?: string | undefined;
}
