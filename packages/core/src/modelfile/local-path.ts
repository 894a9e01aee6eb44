import { badModelfile, type Reference, type References } from './modelfile.ts';

/**
 * Whether the value of FROM, ADAPTER or DRAFT is a file or a folder rather than a model: it is written as only a path
 * can be, or it ends like a file of weights. Ollama checks whether such a file exists; this decides if no files can be
 * checked. A name with a tag is a model: the tag may be a file at Hugging Face, as in
 * `hf.co/someone/model:model-Q4_K_M.gguf`.
 *
 * @example
 * ```ts
 * import { isModelPath } from '@ollama-toolbelt/core/node';
 *
 * console.log(isModelPath('./model.gguf'), isModelPath('llama3.2')); // true false
 * ```
 */
export const isModelPath = (value: string): boolean =>
  /^(|\.|\.\.|[/\\~].*|\.{1,2}[/\\].*|[a-z]:[/\\].*|[^:]*\.(gguf|safetensors|bin))$/i.test(value);

const HINT =
  'Only createOllama of @ollama-toolbelt/core/node reads files. Elsewhere, send the bytes with blobs.upload and put the digests in the request: { model, files: { "model.gguf": digest }, modelfile }.';

/**
 * The model that FROM names, for platforms that cannot read files.
 *
 * @throws OllamaError `bad_modelfile` if the Modelfile names a file.
 */
export function modelWithoutFiles({ from, adapter, draft }: References): string | undefined {
  refuse('ADAPTER', adapter[0]);
  refuse('DRAFT', draft[0]);
  refuse(
    'FROM',
    from.find(({ value }) => isModelPath(value)),
  );
  return from.at(-1)?.value;
}

function refuse(command: string, reference: Reference | undefined): void {
  if (reference === undefined) return;
  const { value: path, line } = reference;
  throw badModelfile(`${command} names a local file, ${path}`, line, HINT, { command, path });
}
