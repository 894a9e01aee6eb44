/** How long the server of the n8n rows takes for an answer. */
export const ANSWER_MS = 100;

/** Requests that it works on at once; the nodes that can are told to send as many. */
export const SLOTS = 4;
