import type { NameBody } from '../wire/bodies.ts';
import type { JsonObject } from '../wire/json.ts';
import { WireError } from '../wire/wire-error.ts';
import { fullName, type ModelName, parseModelName } from './model-name.ts';
import type { ModelStore } from './model-store.ts';
import type { Layer, StoredModel } from './stored-model.ts';

type Progress = AsyncGenerator<JsonObject, void, undefined>;

/** Returns a model of the simulated registry, or undefined if it has none of the name. */
export type Registry = (name: ModelName) => Promise<StoredModel | undefined>;

const short = (digest: string) => digest.slice('sha256:'.length, 'sha256:'.length + 12);
const layerLine = (verb: 'pulling' | 'pushing', { digest, size }: Layer, completed: number): JsonObject => ({
  status: `${verb} ${short(digest)}`,
  digest,
  total: size,
  // Go omits a zero.
  ...(completed > 0 && { completed }),
});

const manifestUrl = ({ host, namespace, model, tag }: ModelName) =>
  `https://${host}/v2/${namespace}/${model}/manifests/${tag}`;

/** Only Ollama's registry is simulated; nothing listens at any other. */
export function checkReachable({ host, ...rest }: ModelName): void {
  if (host === 'registry.ollama.ai') return;
  const address = host.includes(':') ? host : `${host}:443`;
  const reason = `dial tcp ${address}: connect: connection refused`;
  throw new WireError(500, `pull model manifest: Get "${manifestUrl({ host, ...rest })}": ${reason}`);
}

/** The lines of pull. An installed model is done at once, one of the registry comes in steps. */
export async function* pullModel(name: ModelName, store: ModelStore, registry: Registry): Progress {
  yield { status: 'pulling manifest' };
  checkReachable(name);
  const here = store.find(name);
  const model = here ?? (await registry(name));
  if (model === undefined) throw new WireError(500, 'pull model manifest: file does not exist');
  for (const layer of model.layers) {
    const steps = here === undefined && layer.kind === 'model' ? [0, 0.25, 0.5, 0.75, 1] : [1];
    for (const part of steps) yield layerLine('pulling', layer, Math.round(layer.size * part));
  }
  yield { status: 'verifying sha256 digest' };
  yield { status: 'writing manifest' };
  if (here === undefined) store.put(model);
  yield { status: 'success' };
}

/** A model to push that is not installed. */
export function noManifest(name: ModelName): WireError {
  const path = fullName(name).replace(/:([^:]*)$/, '/$1');
  return new WireError(500, `open /root/.ollama/models/manifests/${path}: no such file or directory`);
}

/** The lines of push, which goes nowhere. */
export async function* pushModel(body: NameBody, store: ModelStore): Progress {
  const name = parseModelName(body.model);
  yield { status: 'retrieving manifest' };
  const model = name && store.find(name);
  if (model === undefined) {
    yield { status: "couldn't retrieve manifest" };
    throw noManifest(name!);
  }
  for (const layer of model.layers) yield layerLine('pushing', layer, layer.size);
  yield { status: 'pushing manifest' };
  yield { status: 'success' };
}
