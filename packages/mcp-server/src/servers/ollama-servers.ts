import { type CallOptions, canonicalModel, type Ollama, OllamaError } from '@ollama-toolbelt/core/neutral';
import { type OllamaServer, shownModel } from '../tools/ollama-server.ts';
import { Refusal } from '../tools/refusal.ts';

/** What a look at a server gives up after. A machine that sleeps refuses nothing, so connecting has a limit of its own. */
const PATIENCE = { connectMs: 1500, totalMs: 5000 };
/** A server that did not answer is left out so long, unless no other one has the model. */
const LEFT_OUT_MS = 20_000;

/** A model, and the server that works on it. */
export interface Place {
  server: OllamaServer;
  /** As the server calls it. */
  model: string;
}

/** The models of a server, as the client compares them. */
interface Look {
  installed: ReadonlySet<string>;
  loaded: ReadonlySet<string>;
}

interface GivenServer {
  name?: string | undefined;
  ollama: Ollama;
}

/** The Ollama servers there are, and which of them works on a call. */
export class OllamaServers {
  /** In the order in which they were given. */
  readonly all: readonly [OllamaServer, ...OllamaServer[]];
  /** By name, in lower case; also that of a single server, whose models are shown without it. */
  readonly #byName: ReadonlyMap<string, OllamaServer>;
  readonly #leftOutUntil = new Map<OllamaServer, number>();
  readonly #places = new WeakMap<object, OllamaServer>();

  /** Several have different names. */
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

  /** Whether the name of a server may stand before that of a model. */
  get haveNames(): boolean {
    return this.#byName.size > 0;
  }

  /** Takes the name of a server off a model. Other slashes stay: those of `hf.co/…`, `library/…` and of accounts. */
  cut(model: string): { server: OllamaServer | undefined; model: string } {
    const slash = model.indexOf('/');
    const server = slash > 0 ? this.#byName.get(model.slice(0, slash).toLowerCase()) : undefined;
    return { server, model: server ? model.slice(slash + 1) : model };
  }

  /**
   * Where a model is: on the server that its name says, else on the preferred one, else on the first that has it loaded,
   * else on the first that has it installed. What none has is for the first that answers, also if no model is given.
   *
   * @throws Refusal if the server has to be found, and none answers.
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

  /** The server that an error comes from, as far as that is known: with one server it always is. */
  placeOf(error: object): OllamaServer | undefined {
    return this.#places.get(error) ?? (this.areSeveral ? undefined : this.all[0]);
  }

  /** What is where, of the servers that answer. Those left out are asked if the others do not have the model. */
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

/** Nothing if the server does not answer. */
async function lookAt({ ollama }: OllamaServer, call: CallOptions): Promise<Look | undefined> {
  const unlessFailed = (error: unknown): undefined => {
    if (!(error instanceof OllamaError) || error.code === 'aborted') throw error;
  };
  const [installed, running] = await Promise.all([
    ollama.list(call).catch(unlessFailed),
    // The cloud loads nothing.
    ollama.ps(call).catch(unlessFailed),
  ]);
  const names = (models: readonly { name: string }[] = []) => new Set(models.map(({ name }) => canonicalModel(name)));
  return installed && { installed: names(installed.models), loaded: names(running?.models) };
}

/** A model by the name that clients see it by. */
export interface ListedModel {
  /** With the name of its server, if there are several. */
  shown: string;
  /** As its server calls it. */
  name: string;
}

/** The installed models of all servers that answer in time; if none does, the error of the first. */
export async function listedModels(servers: OllamaServers, call: CallOptions): Promise<ListedModel[]> {
  const lists = await Promise.allSettled(
    servers.all.map(async (server) =>
      (await server.ollama.list(call)).models.map(({ name }) => ({ name, shown: shownModel(server, name) })),
    ),
  );
  const [first] = lists;
  if (first?.status === 'rejected' && lists.every(({ status }) => status === 'rejected')) throw first.reason;
  return lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []));
}
