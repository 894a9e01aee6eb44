import { badModelfile, type Reference, type References } from './modelfile.ts';

/** Written as only a path can be: no model has such a name. */
export const isPath = (value: string): boolean => /^(|\.|\.\.|[/\\~].*|\.{1,2}[/\\].*|[a-z]:[/\\].*)$/i.test(value);

const isFileName = (value: string) => /\.(gguf|safetensors)$/i.test(value);

const HINT =
  'Only createOllama of @ollama-toolbelt/core/node reads files. Elsewhere, send the bytes with blobs.upload and put the digests in the request: { model, files: { "model.gguf": digest }, modelfile }.';

/**
 * The model that FROM names, where no file can be read.
 *
 * @throws OllamaError `bad_modelfile` when the Modelfile names a file.
 */
export function modelWithoutFiles({ from, adapter, draft }: References): string | undefined {
  refuse('ADAPTER', adapter[0]);
  refuse('DRAFT', draft[0]);
  refuse(
    'FROM',
    from.find(({ value }) => isPath(value) || isFileName(value)),
  );
  return from.at(-1)?.value;
}

function refuse(command: string, reference: Reference | undefined): void {
  if (reference === undefined) return;
  const { value: path, line } = reference;
  throw badModelfile(`${command} names a local file, ${path}`, line, HINT, { command, path });
}
