export class GoTemplateError extends Error {
  override readonly name = 'GoTemplateError';
}

export interface GoTemplate {
  /** Names of all fields the template reads (`System`, `Tools`, `Function`, …): what it can do is told by them. */
  readonly fields: ReadonlySet<string>;
  render(data: Readonly<Record<string, unknown>>): string;
}

/** Throws a GoTemplateError in Go's words: `template: :1: unclosed action`. */
export function parseTemplate(text: string): GoTemplate {
  throw new GoTemplateError(`not written yet: ${text}`);
}
