import { stat } from 'node:fs/promises';
import { type GgufFile, readGguf, tensorsAsWritten } from '../llama/gguf.ts';
import type { CreateBody } from '../wire/bodies.ts';
import type { JsonObject } from '../wire/json.ts';
import { WireError } from '../wire/wire-error.ts';
import { sha256 } from './blob-store.ts';
import { blobPath, checkQuantization, checkTemplate, noSuchBlob, uploadedFile } from './create-checks.ts';
import { requireName } from './model-checks.ts';
import { type ModelName, shortName } from './model-name.ts';
import type { ModelStore } from './model-store.ts';
import { type Layer, StoredModel, textLayer } from './stored-model.ts';

interface Base {
  gguf: GgufFile;
  quantization: string;
  parent: string;
  layers: PlannedLayer[];
  /** Digest of the file whose weights it runs. */
  source: string;
}

type Progress = AsyncGenerator<JsonObject, void, undefined>;
type Step<T> = AsyncGenerator<JsonObject, T, undefined>;

/** A layer, and the server's status for it if that is not whether it is new. */
interface PlannedLayer extends Layer {
  status?: string;
}

/** The lines of create. `fetch` gets a base model that is not installed. */
export async function* createModel(
  name: ModelName,
  body: CreateBody,
  store: ModelStore,
  fetch: (name: ModelName) => Progress,
): Progress {
  const file = uploadedFile(body);
  const base = file ? yield* fromFile(body, file, store) : yield* fromModel(body.from!, store, fetch);
  if (body.quantize) yield* requantize(base, body.quantize, store);
  const layers = withChanges(base.layers, body);
  for (const { digest, status } of layers) {
    yield { status: status ?? `${store.hasLayer(digest) ? 'using existing' : 'creating new'} layer ${digest}` };
  }
  // A copy that the server would have written: the same bytes here, under the digest it would have.
  store.blobs.alias(layers[0]!.digest, base.source);
  store.put(new StoredModel({ ...base, name, layers }));
  yield { status: 'writing manifest' };
  yield { status: 'success' };
}

async function* fromModel(text: string, store: ModelStore, fetch: (name: ModelName) => Progress): Step<Base> {
  const name = requireName(text);
  if (store.find(name) === undefined) {
    // Create continues instead of the last line of a pull.
    for await (const line of fetch(name)) if (line['status'] !== 'success') yield line;
  }
  const model = store.find(name)!;
  const { gguf, quantization } = model;
  const source = model.modelLayer.digest;
  return { gguf, quantization, source, parent: shortName(model.name), layers: [...model.layers] };
}

async function* fromFile(body: CreateBody, source: string, store: ModelStore): Step<Base> {
  yield { status: 'parsing GGUF' };
  const path = store.blobs.path(source);
  if (path === undefined) throw noSuchBlob(source);
  const gguf = await readGguf(path);
  const { size } = await stat(path);
  const template = body.template === undefined ? detectedTemplate(gguf) : [];
  const base = { gguf, quantization: gguf.quantization, source };
  if (store.version === '0.24') {
    return {
      ...base,
      parent: blobPath(source),
      layers: [{ kind: 'model', digest: source, size, text: '' }, ...template],
    };
  }
  yield { status: 'verifying conversion' };
  const model: Layer = { kind: 'model', digest: sha256(`converted ${source}`), size, text: '' };
  const written = { ...gguf, tensors: tensorsAsWritten(gguf.tensors) };
  return { ...base, gguf: written, parent: '', layers: [model, ...template] };
}

/** The only chat format in Ollama's list that the bundled models use. */
function detectedTemplate({ metadata }: GgufFile): PlannedLayer[] {
  const jinja = metadata['tokenizer.chat_template'];
  if (typeof jinja !== 'string' || !jinja.includes('<|im_start|>')) return [];
  const template =
    '{{- range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}<|im_start|>assistant\n';
  return [
    { ...textLayer('template', template), status: 'using autodetected template chatml' },
    textLayer('params', JSON.stringify({ stop: ['<|im_start|>', '<|im_end|>'] })),
  ];
}

/** The weights are not changed; the model only appears quantized. */
async function* requantize(base: Base, wanted: string, store: ModelStore): Step<void> {
  const type = checkQuantization(wanted);
  if (!['F16', 'BF16', 'F32', 'unknown'].includes(base.quantization)) {
    throw new WireError(500, 'quantization is only supported for F16, BF16 and F32 models');
  }
  const [model, ...rest] = base.layers as [Layer, ...Layer[]];
  if (store.version === '0.33') yield { status: 'verifying conversion' };
  else yield* quantizing(base.quantization, type, model.size);
  const layer = { ...model, digest: sha256(`${type} of ${model.digest}`), size: Math.round(model.size * 0.54) };
  base.layers = [layer, ...rest];
  base.quantization = type;
  base.parent = '';
  if (!store.blobs.has(base.source)) throw new WireError(500, `no such blob: ${base.source}`);
}

/** 0.24 reports its progress, with an invalid digest. */
function* quantizing(from: string, to: string, total: number): Generator<JsonObject> {
  const line = { status: `quantizing ${from} model to ${to}`, digest: '0000000000000000000', total };
  for (const part of [0.25, 0.5, 0.75, 1]) yield { ...line, completed: Math.round(total * part) };
}

/** Replaced and new layers follow those that stay, in the server's order. */
function withChanges(layers: readonly PlannedLayer[], body: CreateBody): PlannedLayer[] {
  let result = [...layers];
  const replace = (layer: PlannedLayer) => {
    result = [...result.filter(({ kind }) => kind !== layer.kind), layer];
  };
  if (body.template !== undefined) {
    checkTemplate(body.template);
    replace(textLayer('template', body.template));
  }
  if (body.system !== undefined) replace(textLayer('system', body.system));
  for (const license of licensesOf(body.license)) result.push(textLayer('license', license));
  const params = result.find(({ kind }) => kind === 'params');
  const parameters = { ...(JSON.parse(params?.text ?? '{}') as JsonObject), ...body.parameters };
  if (Object.keys(parameters).length > 0) replace(textLayer('params', JSON.stringify(parameters)));
  if (body.messages !== undefined) replace(textLayer('messages', JSON.stringify(body.messages)));
  return result;
}

export const licensesOf = (license: unknown): string[] =>
  (Array.isArray(license) ? license : [license]).filter((text) => typeof text === 'string' && text !== '');
