import type { Ollama } from '@ollama-toolbelt/core/neutral';

export type ModelEvent = 'added' | 'updated' | 'removed' | 'loaded' | 'unloaded';

/** Digests of models by name. */
type Digests = Record<string, string>;

/** The models at one point in time. Without those that no event needed: the events of a workflow may change. */
export interface Snapshot {
  /** Their server. Unknown in what an older version stored. */
  server?: string | undefined;
  installed?: Digests | undefined;
  running?: Digests | undefined;
}

export interface ModelChange {
  event: ModelEvent;
  model: string;
  digest: string;
}

const isOfMemory = (event: ModelEvent) => event === 'loaded' || event === 'unloaded';

/** The current models on the server; asks only for what these events need. */
export async function takeSnapshot(ollama: Ollama, events: readonly ModelEvent[]): Promise<Snapshot> {
  const digests = ({ models }: { models: { name: string; digest: string }[] }) =>
    Object.fromEntries(models.map(({ name, digest }) => [name, digest]));
  const [installed, running] = await Promise.all([
    events.every(isOfMemory) ? undefined : ollama.list().then(digests),
    events.some(isOfMemory) ? ollama.ps().then(digests) : undefined,
  ]);
  return { installed, running };
}

/** What has changed in between, as far as it was requested. Nothing if the credential now names another server. */
export function changes(before: Snapshot, now: Snapshot, events: readonly ModelEvent[]): ModelChange[] {
  if (before.server !== undefined && before.server !== now.server) return [];
  const all = [
    ...missingIn(before.installed, now.installed, 'added'),
    ...updatedIn(before.installed, now.installed),
    ...missingIn(now.installed, before.installed, 'removed'),
    ...missingIn(before.running, now.running, 'loaded'),
    ...missingIn(now.running, before.running, 'unloaded'),
  ];
  return all.filter(({ event }) => events.includes(event));
}

/** An example of each kind of change to build a workflow on, for an existing model if there is one. */
export function sampleChanges({ installed = {}, running }: Snapshot, events: readonly ModelEvent[]): ModelChange[] {
  return events.map((event) => {
    const there = isOfMemory(event) ? { ...installed, ...running } : installed;
    const [model, digest] = Object.entries(there).at(-1) ?? ['llama3.2:latest', 'a'.repeat(64)];
    return { event, model, digest };
  });
}

/** None if one of them is not known. */
function missingIn(some: Digests | undefined, others: Digests = {}, event: ModelEvent): ModelChange[] {
  return Object.entries(others)
    .filter(([model]) => some && !(model in some))
    .map(([model, digest]) => ({ event, model, digest }));
}

function updatedIn(before: Digests = {}, now: Digests = {}): ModelChange[] {
  return Object.entries(now)
    .filter(([model, digest]) => (before[model] ?? digest) !== digest)
    .map(([model, digest]) => ({ event: 'updated', model, digest }));
}
