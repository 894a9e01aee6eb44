/** A model name as the server compares it: without regard to case, with its tag, without the default registry. */
export function canonicalModel(name: string | undefined): string {
  const short = (name ?? '')
    .toLowerCase()
    .replace(/^(https?:\/\/)?registry\.ollama\.ai\//, '')
    .replace(/^library\//, '');
  // A colon before a slash is part of the registry's address.
  return short.lastIndexOf(':') > short.lastIndexOf('/') ? short : `${short}:latest`;
}
