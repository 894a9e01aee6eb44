/** Who sends a request. */
export interface Caller {
  /** The subject of an access token. Nothing for those who need none, or have the token for all. */
  subject?: string;
  /** What the access token allows. Nothing for those who may do everything. */
  scopes?: ReadonlySet<string>;
}
