import type { LoadedModel } from '../store/model-listing.ts';
import type { ModelStore } from '../store/model-store.ts';
import type { StoredModel } from '../store/stored-model.ts';
import { CallQueue } from './call-queue.ts';
import { loadRunner } from './node-llama-runner.ts';
import type { Runner } from './runner.ts';

/** The server's default for a machine with one processor and no GPU. */
const mostLoaded = 3;
const defaultContext = 4096;
const defaultKeepAlive = 300_000;
/** Go's longest duration, which "forever" becomes. */
const forever = 9_223_372_036_854;
const longestTimer = 2 ** 31 - 1;

interface Entry {
  model: StoredModel;
  runner: Runner;
  users: number;
  keepAlive: number;
  expiresAt: number;
  timer?: NodeJS.Timeout;
  onIdle: (() => void)[];
}

export interface Lease {
  runner: Runner;
  /** How long loading took, in nanoseconds. */
  loadNs: number;
  release(): void;
}

export interface LeaseRequest {
  contextLength?: number | undefined;
  keepAlive?: number | undefined;
}

/** The loaded models: loads, keeps and unloads them like Ollama's scheduler. */
export class LoadedModels {
  readonly #store: ModelStore;
  readonly #entries = new Map<string, Entry>();
  readonly #loading = new CallQueue();
  #isClosed = false;

  constructor(store: ModelStore) {
    this.#store = store;
  }

  /** Sorted by remaining time, longest first. */
  get all(): LoadedModel[] {
    return [...this.#entries.values()]
      .sort((a, b) => b.expiresAt - a.expiresAt)
      .map(({ model, runner, expiresAt }) => ({
        model,
        size: runner.size,
        contextLength: runner.contextLength,
        expiresAt: new Date(expiresAt),
      }));
  }

  /** The model's runner, loaded if necessary; a different context length than the loaded one's loads it again. */
  async acquire(model: StoredModel, { contextLength, keepAlive }: LeaseRequest, signal: AbortSignal): Promise<Lease> {
    const start = process.hrtime.bigint();
    const leave = await this.#loading.enter(signal);
    try {
      const wanted = fitContext(model, contextLength);
      let entry = this.#entries.get(keyOf(model));
      if (entry && contextLength !== undefined && entry.runner.contextLength !== wanted) {
        await this.#whenIdle(entry, signal);
        await this.#unload(entry);
        entry = undefined;
      }
      entry ??= await this.#load(model, wanted, signal);
      const lease = this.#lease(entry, keepAlive ?? defaultKeepAlive);
      return { ...lease, loadNs: Number(process.hrtime.bigint() - start) };
    } finally {
      leave();
    }
  }

  /** Unloads the model once nobody uses it. */
  async unload(model: StoredModel): Promise<void> {
    const entry = this.#entries.get(keyOf(model));
    if (entry === undefined) return;
    entry.keepAlive = 0;
    if (entry.users === 0) await this.#unload(entry);
  }

  async dispose(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#entries.values()].map((entry) => this.#unload(entry)));
  }

  #lease(entry: Entry, keepAlive: number): Omit<Lease, 'loadNs'> {
    entry.users++;
    entry.keepAlive = keepAlive;
    clearTimeout(entry.timer);
    entry.expiresAt = Date.now() + Math.min(keepAlive, forever);
    return {
      runner: entry.runner,
      release: () => {
        if (--entry.users > 0) return;
        this.#expireLater(entry);
        for (const wake of entry.onIdle.splice(0)) wake();
      },
    };
  }

  #expireLater(entry: Entry): void {
    entry.expiresAt = Date.now() + Math.min(entry.keepAlive, forever);
    if (entry.keepAlive === 0) void this.#unload(entry);
    else if (entry.keepAlive <= longestTimer) {
      entry.timer = setTimeout(() => void this.#unload(entry), entry.keepAlive);
      entry.timer.unref();
    }
  }

  async #load(model: StoredModel, contextLength: number, signal: AbortSignal): Promise<Entry> {
    if (this.#isClosed) throw new Error('the server is shutting down');
    while (this.#entries.size >= mostLoaded) {
      const victim = [...this.#entries.values()].sort((a, b) => a.users - b.users || a.expiresAt - b.expiresAt)[0]!;
      await this.#whenIdle(victim, signal);
      await this.#unload(victim);
    }
    const path = this.#store.blobs.path(model.modelLayer.digest);
    if (path === undefined) throw new Error(`unable to load model: ${model.modelLayer.digest}`);
    // 0.24 returns embeddings of any model, and makes room for the answer to a prompt that fills the context.
    const forAnswers =
      this.#store.version === '0.24' ? ({ purpose: 'both', spare: 256 } as const) : ({ purpose: 'answers' } as const);
    const use = model.gguf.embedding ? ({ purpose: 'embeddings' } as const) : forAnswers;
    const runner = await loadRunner(path, { contextLength, ...use });
    const entry: Entry = { model, runner, users: 0, keepAlive: defaultKeepAlive, expiresAt: 0, onIdle: [] };
    this.#entries.set(keyOf(model), entry);
    return entry;
  }

  async #whenIdle(entry: Entry, signal: AbortSignal): Promise<void> {
    if (entry.users === 0) return;
    await new Promise<void>((resolve, reject) => {
      entry.onIdle.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  async #unload(entry: Entry): Promise<void> {
    clearTimeout(entry.timer);
    const key = keyOf(entry.model);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    await entry.runner.dispose();
  }
}

/** Models created from one file share its runner. */
const keyOf = (model: StoredModel) => model.modelLayer.digest;

function fitContext({ gguf }: StoredModel, wanted = defaultContext): number {
  return Math.max(4, Math.min(wanted, gguf.contextLength ?? defaultContext));
}
