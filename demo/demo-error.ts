/** A problem that a person can fix; the message describes it in one line. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}
