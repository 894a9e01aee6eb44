/**
 * How many calls one model gets at a time. An agent may call many tools at once, but Ollama answers one call of a model
 * at a time by default, and a machine that answers several gets slower with each.
 */
export const DEFAULT_CONCURRENCY = 2;
