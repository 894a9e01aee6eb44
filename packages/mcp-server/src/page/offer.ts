/** Data that the server writes into the page, because the page cannot get the list of tools from a host. */
export interface Offer {
  version: string;
  /** Tools that the page may call, by their names without `ollama_`. */
  tools: readonly string[];
  /** Models to select first, if the server has defaults. */
  models: { chat?: string | undefined; embed?: string | undefined };
  /** Setting to change to enable more actions. */
  hint?: string | undefined;
}
