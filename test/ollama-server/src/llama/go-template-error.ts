/** A template that Go would reject, with Go's message: `template: :1: unclosed action`. */
export class GoTemplateError extends Error {
  override readonly name = 'GoTemplateError';
}

export function templateError(line: number, message: string): GoTemplateError {
  return new GoTemplateError(`template: :${line}: ${message}`);
}
