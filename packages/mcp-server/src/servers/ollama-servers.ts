import { type CallOptions, canonicalModel, type Ollama, OllamaError } from '@ollama-toolbelt/core/neutral';
import { type OllamaServer, shownModel } from '../tools/ollama-server.ts';
import { Refusal } from '../tools/refusal.ts';

/** Timeouts for asking a server. A sleeping machine does not refuse a connection, so connecting has its own limit. */
const PATIENCE = { connectMs: 1500, totalMs: 5000 };
/** How long to skip a server that did not answer, unless no other one has the model. */
const LEFT_OUT_MS = 20_000;

/** A model, and the server that runs it. */
export interface Place {
  server: OllamaServer;
  /** The name on that server. */
  model: string;
}

/** The models of a server, with names in the form that the core compares. */
interface Look {
  installed: ReadonlySet<string>;
  loaded: ReadonlySet<string>;
}

interface GivenServer {
  name?: string | undefined;
  ollama: Ollama;
}

/** The Ollama servers. Chooses one for each call. */
export class OllamaServers {
  /** In the order in which they were given. */
  readonly all: readonly [OllamaServer, ...OllamaServer[]];
  /** By name, in lower case. A single server may have a name too, but its models are shown without it. */
  readonly #byName: ReadonlyMap<string, OllamaServer>;
  readonly #leftOutUntil = new Map<OllamaServer, number>();
  readonly #places = new WeakMap<object, OllamaServer>();

  /** If there are several servers, their names must differ. */
  constructor(first: GivenServer, ...others: readonly GivenServer[]) {
    const servers = [first, ...others];
    const own = ({ name, ollama }: GivenServer) => ({ name: others.length > 0 ? name : undefined, ollama });
    this.all = [own(first), ...others.map(own)];
    this.#byName = new Map(
      servers.flatMap(({ name }, index) => {
        const server = this.all[index];
        return name === undefined || server === undefined ? [] : [[name.toLowerCase(), server]];
      }),
    );
  }

  get areSeveral(): boolean {
    return this.all.length > 1;
  }

  /** Whether model names may have the name of a server as a prefix. */
  get haveNames(): boolean {
    return this.#byName.size > 0;
  }

  /** Removes the name of a server from a model name. Other prefixes stay: `hf.co/…`, `library/…` and accounts. */
  cut(model: string): { server: OllamaServer | undefined; model: string } {
    const slash = model.indexOf('/');
    const server = slash > 0 ? this.#byName.get(model.slice(0, slash).toLowerCase()) : undefined;
    return { server, model: server ? model.slice(slash + 1) : model };
  }

  /**
   * Finds the server for a model: the one in its name, else the preferred one, else the first that has it loaded, else
   * the first that has it installed. If none has it, or no model is given, it is the first server that answers.
   *
   * @throws Refusal if no server is named or preferred, and none answers.
   */
  async find(
    written: string | undefined,
    { signal, preferred }: { signal: AbortSignal; preferred?: OllamaServer | undefined },
  ): Promise<Place> {
    const { server, model } = this.cut(written ?? '');
    if (server) return { server, model };
    if (!this.areSeveral) return { server: this.all[0], model };
    const looks = await this.#looks(written === undefined ? undefined : model, signal);
    const has = (kind: keyof Look) => (server: OllamaServer) => looks.get(server)?.[kind].has(canonicalModel(model));
    const wanted = preferred && has('installed')(preferred) ? preferred : undefined;
    const found =
      wanted ??
      this.all.find(has('loaded')) ??
      this.all.find(has('installed')) ??
      this.all.find((one) => looks.has(one));
    if (found) return { server: found, model };
    throw new Refusal('None of the Ollama servers can be reached.', 'ollama_status tells what is wrong with each.');
  }

  /** Remembers which server an error comes from. */
  mark(error: unknown, server: OllamaServer): unknown {
    if (typeof error === 'object' && error !== null) this.#places.set(error, server);
    return error;
  }

  /** The server that an error comes from, if known. With one server it is always known. */
  placeOf(error: object): OllamaServer | undefined {
    return this.#places.get(error) ?? (this.areSeveral ? undefined : this.all[0]);
  }

  /** The models of the servers that answer. Skipped servers are only asked if the others do not have the model. */
  async #looks(model: string | undefined, signal: AbortSignal): Promise<ReadonlyMap<OllamaServer, Look>> {
    const now = performance.now();
    const leftOut = this.all.filter((server) => (this.#leftOutUntil.get(server) ?? 0) > now);
    const looks = await this.#lookAt(
      this.all.filter((server) => !leftOut.includes(server)),
      signal,
    );
    const name = canonicalModel(model);
    const isEnough = (look: Look) => model === undefined || look.installed.has(name) || look.loaded.has(name);
    if ([...looks.values()].some(isEnough)) return looks;
    return new Map([...looks, ...(await this.#lookAt(leftOut, signal))]);
  }

  async #lookAt(servers: readonly OllamaServer[], signal: AbortSignal): Promise<Map<OllamaServer, Look>> {
    const looks = new Map<OllamaServer, Look>();
    await Promise.all(
      servers.map(async (server) => {
        const look = await lookAt(server, { signal, timeouts: PATIENCE, retry: false });
        if (look) looks.set(server, look);
        this.#leftOutUntil.set(server, look ? 0 : performance.now() + LEFT_OUT_MS);
      }),
    );
    return looks;
  }
}

/** `undefined` if the server does not answer. */
async function lookAt({ ollama }: OllamaServer, call: CallOptions): Promise<Look | undefined> {
  const unlessFailed = (error: unknown): undefined => {
    if (!(error instanceof OllamaError) || error.code === 'aborted') throw error;
  };
  const [installed, running] = await Promise.all([
    ollama.list(call).catch(unlessFailed),
    // ollama.com has no loaded models to list.
    ollama.ps(call).catch(unlessFailed),
  ]);
  const names = (models: readonly { name: string }[] = []) => new Set(models.map(({ name }) => canonicalModel(name)));
  return installed && { installed: names(installed.models), loaded: names(running?.models) };
}

/** An installed model, with the name that clients see. */
export interface ListedModel {
  /** Includes the name of its server if there are several. */
  shown: string;
  /** The name on its server. */
  name: string;
}

/** The installed models of all servers that answer in time, and the others. If none answers, throws the first error. */
export async function listedModels(
  servers: OllamaServers,
  call: CallOptions,
): Promise<{ models: ListedModel[]; silent: OllamaServer[] }> {
  const lists = await Promise.allSettled(
    servers.all.map(async (server) =>
      (await server.ollama.list(call)).models.map(({ name }) => ({ name, shown: shownModel(server, name) })),
    ),
  );
  const [first] = lists;
  if (first?.status === 'rejected' && lists.every(({ status }) => status === 'rejected')) throw first.reason;
  return {
    models: lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : [])),
    silent: servers.all.filter((_, index) => lists[index]?.status === 'rejected'),
  };
}
