/** A tool refuses a call, and says what to do instead. Like an Ollama error, it becomes a result. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
