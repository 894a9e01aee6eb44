import type { Ollama } from '@ollama-toolbelt/core/neutral';

export type ModelEvent = 'added' | 'updated' | 'removed' | 'loaded' | 'unloaded';

/** Digests of the models by name, at one point in time. */
export interface Snapshot {
  installed: Record<string, string>;
  /** Empty if no event needs it. */
  running: Record<string, string>;
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
    events.every(isOfMemory) ? {} : ollama.list().then(digests),
    events.some(isOfMemory) ? ollama.ps().then(digests) : {},
  ]);
  return { installed, running };
}

/** What has changed in between, as far as it was requested. */
export function changes(before: Snapshot, now: Snapshot, events: readonly ModelEvent[]): ModelChange[] {
  const all = [
    ...missingIn(before.installed, now.installed, 'added'),
    ...Object.entries(now.installed)
      .filter(([model, digest]) => model in before.installed && before.installed[model] !== digest)
      .map(([model, digest]): ModelChange => ({ event: 'updated', model, digest })),
    ...missingIn(now.installed, before.installed, 'removed'),
    ...missingIn(before.running, now.running, 'loaded'),
    ...missingIn(now.running, before.running, 'unloaded'),
  ];
  return all.filter(({ event }) => events.includes(event));
}

/** An example of each kind of change to build a workflow on, for an existing model if there is one. */
export function sampleChanges({ installed, running }: Snapshot, events: readonly ModelEvent[]): ModelChange[] {
  return events.map((event) => {
    const there = isOfMemory(event) ? { ...installed, ...running } : installed;
    const [model, digest] = Object.entries(there).at(-1) ?? ['llama3.2:latest', 'a'.repeat(64)];
    return { event, model, digest };
  });
}

function missingIn(some: Record<string, string>, others: Record<string, string>, event: ModelEvent): ModelChange[] {
  return Object.entries(others)
    .filter(([model]) => !(model in some))
    .map(([model, digest]) => ({ event, model, digest }));
}
