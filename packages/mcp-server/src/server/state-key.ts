/** Settings that servers at one address have in common, while each may have an Ollama server of its own. */
interface CommonSettings {
  token?: string | undefined;
  oauth?: { issuer: string; audience: string } | undefined;
}

/**
 * What signs the questions that clients bring back with an answer: the same on all servers at one address, so each
 * knows what another has asked. With a token nobody can make one who does not have it. Without one nothing is lost: who gets
 * here may as well be a client that cannot ask, of which a call with `confirm` is enough.
 */
export const stateKeyFor = ({ token, oauth }: CommonSettings): string =>
  JSON.stringify(token ? { token } : { issuer: oauth?.issuer, audience: oauth?.audience });
