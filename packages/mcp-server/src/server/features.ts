/**
 * What a server can do besides single calls. A server over stdio and one with HTTP sessions keeps things between calls; a
 * stateless one, of which any number may stand behind one address, does not.
 */
export interface Offers {
  /** Conversations, jobs, embeddings as resources, and questions to the person. */
  sessions: boolean;
  /** One call from a shell: it takes its time, and its result has any size. It has no sessions. */
  oneShot: boolean;
  /** Folders are allowed, so that tools can read files. */
  files: boolean;
}
