/** Settings that are the same for all servers that share an address. Their Ollama servers may differ. */
interface CommonSettings {
  token?: string | undefined;
  oauth?: { issuer: string; audience: string } | undefined;
}

/**
 * Key that signs the questions that clients return with an answer. All servers that share an address have the same key,
 * so each recognizes the questions of the others. With a token, only its holders can forge a question. Without one,
 * a forged question gains nothing: a call with `confirm` is enough for a client that cannot ask.
 */
export const stateKeyFor = ({ token, oauth }: CommonSettings): string =>
  JSON.stringify(token ? { token } : { issuer: oauth?.issuer, audience: oauth?.audience });
