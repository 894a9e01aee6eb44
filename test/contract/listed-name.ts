/** A model name as the server lists it, but in lower case: with its tag, and without the default registry. */
export function listedName(model: string): string {
  const [, name = ''] = /^(?:(?:registry\.ollama\.ai\/)?library\/)?(.*)$/.exec(model.trim().toLowerCase()) ?? [];
  return /:[^/]*$/.test(name) ? name : `${name}:latest`;
}
