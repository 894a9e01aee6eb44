/** How the server of the load test answers: like a model of four tokens a second. */
export const FIRST_TOKEN_MS = 250;
export const TOKEN_MS = 250;
export const TOKENS = 8;

/** An answer without anything that takes time but the model. */
export const ANSWER_MS = FIRST_TOKEN_MS + (TOKENS - 1) * TOKEN_MS;
