/** Something a person can put right; the message says in one line what. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}
