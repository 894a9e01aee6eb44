/** Speed of the server in the load test: like a model with four tokens a second. */
export const FIRST_TOKEN_MS = 250;
export const TOKEN_MS = 250;
export const TOKENS = 8;

/** Time of an answer if only the model takes time. */
export const ANSWER_MS = FIRST_TOKEN_MS + (TOKENS - 1) * TOKEN_MS;
