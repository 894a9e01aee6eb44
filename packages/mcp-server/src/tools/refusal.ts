/** What a tool will not do, and what to do instead. It becomes a result, as an error of Ollama does. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
