import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createModel } from '../store/create-model.ts';
import { type ModelName, nameKey, parseModelName } from '../store/model-name.ts';
import { ModelStore } from '../store/model-store.ts';
import type { StoredModel } from '../store/stored-model.ts';
import { timestamp } from '../wire/answer-lines.ts';
import type { CreateBody } from '../wire/bodies.ts';

const path = (file: string) => fileURLToPath(new URL(`../../models/${file}`, import.meta.url));

interface Recipe {
  name: string;
  file: string;
  template?: string;
}

/** The simulated registry. The first three models are installed from the start, the last can be pulled. */
const recipes: readonly Recipe[] = [
  { name: 'pocket:latest', file: 'pocket.gguf', template: 'template.gotmpl' },
  { name: 'pocket-thinking:latest', file: 'pocket.gguf', template: 'template-thinking.gotmpl' },
  { name: 'pocket-embed:latest', file: 'pocket-embed.gguf' },
  { name: 'pocket:1m', file: 'pocket.gguf', template: 'template.gotmpl' },
];
const installed = recipes.slice(0, 3);

export async function installBundled(store: ModelStore): Promise<void> {
  // Models are sorted by the second of their installation, and two of them may get different ones.
  const now = timestamp();
  for (const recipe of installed) store.put((await make(recipe, store)).installedAt(now));
}

/** The model of that name in the simulated registry. */
export async function bundledModel(name: ModelName, store: ModelStore): Promise<StoredModel | undefined> {
  const recipe = recipes.find((one) => nameKey(parseModelName(one.name)!) === nameKey(name));
  return recipe && (await make(recipe, store));
}

/** Creates the model as `create` would, in a separate store, and makes its file known to the real one. */
async function make({ name, file, template }: Recipe, store: ModelStore): Promise<StoredModel> {
  const workshop = new ModelStore(store.version);
  try {
    const digest = await workshop.blobs.addFile(path(file));
    const body: CreateBody = {
      model: name,
      files: { [file]: digest },
      license: 'MIT',
      ...(template && {
        template: await readFile(path(template), 'utf8'),
        parameters: { stop: ['<|im_start|>', '<|im_end|>'], temperature: 0.2 },
      }),
    };
    for await (const _ of createModel(parseModelName(name)!, body, workshop, nothing));
    const model = workshop.find(name)!;
    await store.blobs.addFile(path(file));
    store.blobs.alias(model.modelLayer.digest, digest);
    return model;
  } finally {
    workshop.dispose();
  }
}

// biome-ignore lint/correctness/useYield: creating a bundled model pulls nothing
async function* nothing(): AsyncGenerator<never, void, undefined> {
  throw new Error('a bundled model is made from its file');
}
