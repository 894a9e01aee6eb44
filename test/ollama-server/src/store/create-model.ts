import { stat } from 'node:fs/promises';
import { type GgufFile, readGguf } from '../llama/gguf.ts';
import { GoTemplateError, parseTemplate } from '../llama/go-template.ts';
import type { CreateBody } from '../wire/bodies.ts';
import type { JsonObject } from '../wire/json.ts';
import { WireError } from '../wire/wire-error.ts';
import { sha256 } from './blob-store.ts';
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

/** The lines of create. `fetch` gets a base model that is not here. */
/** A layer, and what the server says of it where that is not whether it is new. */
interface PlannedLayer extends Layer {
  status?: string;
}

/** The lines of create. `fetch` gets a base model that is not here. */
export async function* createModel(
  name: ModelName,
  body: CreateBody,
  store: ModelStore,
  fetch: (name: ModelName) => Progress,
): Progress {
  if (!body.from && body.files === undefined) throw new WireError(400, "neither 'from' or 'files' was specified");
  const base = body.files ? yield* fromFiles(body, body.files, store) : yield* fromModel(body.from!, store, fetch);
  if (body.quantize) yield* requantize(base, body.quantize, store);
  const layers = withChanges(base.layers, body);
  for (const { digest, status } of layers) {
    yield { status: status ?? `${store.hasLayer(digest) ? 'using existing' : 'creating new'} layer ${digest}` };
  }
  // A copy that the server would have written: the same bytes here, under the digest it now has.
  store.blobs.alias(layers[0]!.digest, base.source);
  store.put(new StoredModel({ ...base, name, layers }));
  yield { status: 'writing manifest' };
  yield { status: 'success' };
}

async function* fromModel(text: string, store: ModelStore, fetch: (name: ModelName) => Progress): Step<Base> {
  const name = requireName(text);
  if (store.find(name) === undefined) {
    // What a pull would say last, create goes on from.
    for await (const line of fetch(name)) if (line['status'] !== 'success') yield line;
  }
  const model = store.find(name)!;
  const { gguf, quantization } = model;
  const source = model.modelLayer.digest;
  return { gguf, quantization, source, parent: shortName(model.name), layers: [...model.layers] };
}

async function* fromFiles(body: CreateBody, files: Record<string, string>, store: ModelStore): Step<Base> {
  for (const name of Object.keys(files)) if (!isRelative(name)) throw new WireError(400, 'file path must be relative');
  const [digest] = Object.values(files);
  if (digest === undefined) throw new WireError(400, 'no files provided to convert');
  if (!/^sha256[:-][0-9a-f]{64}$/.test(digest)) throw new WireError(400, 'invalid digest format');
  yield { status: 'parsing GGUF' };
  const source = digest.replace('-', ':');
  const path = store.blobs.path(source);
  const missing = `open /root/.ollama/models/blobs/${source.replace(':', '-')}: no such file or directory`;
  if (path === undefined) throw new WireError(500, missing);
  const gguf = await readGguf(path);
  yield { status: 'verifying conversion' };
  const { size } = await stat(path);
  const model: Layer = { kind: 'model', digest: sha256(`converted ${source}`), size, text: '' };
  const template = body.template === undefined ? detectedTemplate(gguf) : [];
  return { gguf, quantization: gguf.quantization, source, parent: '', layers: [model, ...template] };
}

const isRelative = (path: string) => !path.startsWith('/') && !path.split('/').includes('..');

/** The only chat form of Ollama's list that the bundled models speak. */
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

const targets = ['F32', 'F16', 'Q4_K_S', 'Q4_K_M', 'Q8_0'];

/** The weights stay as they are: what shows is that of a quantized model. */
async function* requantize(base: Base, wanted: string, store: ModelStore): Step<void> {
  const type = wanted.toUpperCase();
  if (!targets.includes(type)) {
    throw new WireError(500, `unsupported quantization type ${type} - supported types are ${targets.join(', ')}`);
  }
  if (!['F16', 'BF16', 'F32', 'unknown'].includes(base.quantization)) {
    throw new WireError(500, 'quantization is only supported for F16, BF16 and F32 models');
  }
  yield { status: 'verifying conversion' };
  const [model, ...rest] = base.layers as [Layer, ...Layer[]];
  const layer = { ...model, digest: sha256(`${type} of ${model.digest}`), size: Math.round(model.size * 0.54) };
  base.layers = [layer, ...rest];
  base.quantization = type;
  base.parent = '';
  if (!store.blobs.has(base.source)) throw new WireError(500, `no such blob: ${base.source}`);
}

/** Replaced and new layers go behind those that stay, in the order in which the server sets them. */
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

function checkTemplate(template: string): void {
  try {
    parseTemplate(template);
  } catch (error) {
    if (error instanceof GoTemplateError) throw new WireError(400, `template error: ${error.message}`);
    throw error;
  }
}

const licensesOf = (license: unknown): string[] =>
  (Array.isArray(license) ? license : [license]).filter((text) => typeof text === 'string' && text !== '');
