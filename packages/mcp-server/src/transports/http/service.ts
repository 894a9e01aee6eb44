import type { Server } from '@modelcontextprotocol/server';
import { CallMemory } from '../../server/call-memory.ts';
import { type ScopeRules, scopeRules } from '../../server/scope-rules.ts';
import { MemoryBudget } from '../../tools/memory-budget.ts';
import { acceptingBoth, wantedForm, wantsPage } from './accept.ts';
import { Access, type AccessOptions, type Admission } from './access.ts';
import { readBody } from './body.ts';
import type { Caller } from './caller.ts';
import { isPreflight, preflightAnswer, readableBy } from './cors.ts';
import type { Guard } from './guard.ts';
import { asJson } from './json-response.ts';
import { jsonError } from './json-rpc-error.ts';
import { isModern, ModernHttp, type ModernServers } from './modern.ts';
import { pageFor } from './page.ts';
import { Sessions } from './sessions.ts';
import { connectTransport, type Ending, respond } from './sse-response.ts';

/** Path of the MCP endpoint. */
export const MCP_PATH = '/mcp';
const HEALTH_PATH = '/healthz';

export interface HttpServiceOptions extends AccessOptions {
  /** Whether clients that use the handshake get a session. */
  mode: 'session' | 'stateless';
  /** Creates an SDK server for one session, or for one request of such a client. */
  createServer: () => Server;
  /** Servers for clients of 2026-07-28 and later. @default these clients are told to use an older revision */
  modern?: ModernServers;
  /** Whether the server of a session has running jobs. */
  isBusy?: (server: Server) => boolean;
  guard: Guard;
  /** Scopes that access tokens need. @default none */
  scopes?: ScopeRules;
  /** Memory budget of the process, used for bodies. @default no limit */
  memory?: MemoryBudget;
  /** Receives one line for each request, without its content. */
  log?: ((line: string) => void) | undefined;
}

/** MCP over HTTP on any platform: a web request in, a web response out. */
export class HttpService {
  readonly #options: HttpServiceOptions;
  readonly #access: Access;
  readonly #sessions: Sessions | undefined;
  readonly #modern: ModernHttp | undefined;
  /** Servers of requests in progress. */
  readonly #running = new Set<Server>();

  constructor(options: HttpServiceOptions) {
    this.#options = options;
    this.#access = new Access(options, options.scopes ?? scopeRules([]), MCP_PATH);
    if (options.mode === 'session') this.#sessions = new Sessions(options);
    if (options.modern) this.#modern = new ModernHttp(options.modern);
  }

  async handle(request: Request): Promise<Response> {
    const start = performance.now();
    const path = pathOf(request);
    let what = path === MCP_PATH ? '' : ' elsewhere';
    let status: number | undefined;
    let ending: Ending | undefined;
    const report = () => {
      if (status === undefined || ending === undefined) return;
      const left = ending === 'left' ? ', client left' : '';
      this.#options.log?.(`${request.method}${what}: ${status}${left}, ${Math.round(performance.now() - start)} ms`);
    };
    const response = await this.#route(request, path, {
      onName: (name) => {
        what = ` ${name}`;
      },
      onEnd: (how) => {
        ending = how;
        report();
      },
    });
    status = response.status;
    report();
    return response;
  }

  /** Ends all sessions and every call that is running. */
  async close(): Promise<void> {
    const running = [...this.#running].map((server) => server.close());
    await Promise.all([this.#modern?.close(), this.#sessions?.close(), ...running]);
  }

  async #route(request: Request, path: string, watch: Watch): Promise<Response> {
    const forPeople = wantsPage(request) && (path === MCP_PATH || path === '');
    const aboutOAuth = this.#access.answerAt(path, request);
    if (path !== MCP_PATH && !forPeople && !aboutOAuth) {
      watch.onEnd('complete');
      if (path === HEALTH_PATH) return Response.json({ status: 'ok' });
      return jsonError(404, `There is nothing here. MCP is at ${MCP_PATH}.`);
    }
    const refusal = this.#options.guard(request);
    if (refusal) {
      watch.onEnd('complete');
      return refusal;
    }
    if (aboutOAuth) watch.onEnd('complete');
    const response = aboutOAuth ?? (forPeople ? this.#page(request, watch) : await this.#answer(request, watch));
    return readableBy(request.headers.get('origin'), response);
  }

  #page(request: Request, watch: Watch): Response {
    watch.onEnd('complete');
    const { protocol, host } = new URL(request.url);
    return pageFor(`${protocol}//${request.headers.get('host') ?? host}${MCP_PATH}`);
  }

  /** Answers a request that has passed the guard. */
  async #answer(request: Request, watch: Watch): Promise<Response> {
    const admission = await this.#admit(request);
    if ('refusal' in admission) {
      watch.onEnd('complete');
      return admission.refusal;
    }
    const { caller } = admission;
    if (request.method !== 'POST') return this.#pass(acceptingBoth(request), undefined, caller, watch);
    const memory = new CallMemory(this.#options.memory ?? new MemoryBudget());
    const onEnd = (ending: Ending) => {
      memory.end();
      watch.onEnd(ending);
    };
    const body = await readBody(request, memory).catch((error: unknown) => {
      memory.end();
      throw error;
    });
    if ('refusal' in body) {
      onEnd('complete');
      return body.refusal;
    }
    watch.onName(describe(body.message));
    const refusal = this.#access.refuseMessage(caller, body.message);
    if (refusal) {
      onEnd('complete');
      return refusal;
    }
    const form = wantedForm(request.headers.get('accept'));
    const whole = { ...watch, onEnd };
    if (form === undefined) return this.#pass(request, body.message, caller, whole);
    const response = await this.#pass(acceptingBoth(request, form), body.message, caller, whole);
    return form === 'json' ? asJson(response, Array.isArray(body.message)) : response;
  }

  async #admit(request: Request): Promise<Admission> {
    if (isPreflight(request)) return { refusal: preflightAnswer(request, this.#methods) };
    const admission = await this.#access.admit(request);
    const refusal = this.#refuseMethod(request.method);
    return 'caller' in admission && refusal ? { refusal } : admission;
  }

  /** GET opens a stream for server notifications, DELETE ends a session. Without sessions, neither is supported. */
  get #methods(): readonly string[] {
    return this.#sessions ? ['POST', 'GET', 'DELETE'] : ['POST'];
  }

  #refuseMethod(method: string): Response | undefined {
    if (this.#methods.includes(method)) return undefined;
    const headers = { Allow: this.#methods.join(', ') };
    return jsonError(405, `The method ${method} is not offered here.`, { headers });
  }

  async #pass(request: Request, message: unknown, caller: Caller, { onEnd }: Watch): Promise<Response> {
    if (this.#modern && isModern(request, message)) return this.#modern.respond(request, message, caller, onEnd);
    if (this.#sessions) {
      // Some clients send the id of an ended session when they initialize again.
      return isInitialize(message) && !this.#sessions.has(request, caller)
        ? this.#sessions.start(request, message, caller, onEnd)
        : this.#sessions.handle(request, message, caller, onEnd);
    }
    const server = this.#options.createServer();
    this.#running.add(server);
    return respond(await connectTransport(server), request, message, caller, (ending) => {
      this.#running.delete(server);
      onEnd(ending);
      void server.close();
    });
  }
}

/** Records facts about a request for the log. */
interface Watch {
  onName(name: string): void;
  onEnd(ending: Ending): void;
}

/** Ignores slashes at the end. */
const pathOf = ({ url }: Request) => new URL(url).pathname.replace(/\/+$/, '');

interface Message {
  method?: unknown;
  params?: { name?: unknown };
}

const isInitialize = (message: unknown) => (message as Message | null)?.method === 'initialize';

/** Method and tool, if they look like names: the log must not contain other text from a client. */
function describe(message: unknown): string {
  const { method, params } = (Array.isArray(message) ? { method: 'batch' } : (message ?? {})) as Message;
  const words = [method ?? 'response', method === 'tools/call' ? params?.name : undefined];
  return words.filter((word) => typeof word === 'string' && /^[\w/.-]{1,64}$/.test(word)).join(' ');
}
