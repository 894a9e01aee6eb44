/** The sender of a request. */
export interface Caller {
  /** The subject of the access token. Missing if no token is needed, or the shared token was sent. */
  subject?: string;
  /** The scopes of the access token. Missing if everything is allowed. */
  scopes?: ReadonlySet<string>;
}
