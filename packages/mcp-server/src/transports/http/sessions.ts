import type { Server } from '@modelcontextprotocol/server';
import type { Caller } from './caller.ts';
import { jsonError, SESSION_NOT_FOUND } from './json-rpc-error.ts';
import { type Connection, connectTransport, type Ending, respond } from './sse-response.ts';

/** Clients may disconnect without ending their session. */
const IDLE_MS = 60 * 60 * 1000;
const MAX_SESSIONS = 200;
/** Time between two checks for idle sessions. */
const LOOK_MS = 60 * 1000;
/** How long a client should wait if all sessions are in use. */
const RETRY_AFTER_S = '30';

interface HttpSession extends Connection {
  /** The subject of the access token that started it. Nobody else can use it. */
  subject: string | undefined;
  /** Responses that are still open. */
  open: number;
  usedAt: number;
}

export interface SessionsOptions {
  createServer: () => Server;
  /** Whether a server is working although no response is open. */
  isBusy?: (server: Server) => boolean;
}

/** Keeps clients from one request to the next, by the session id in their first response. */
export class Sessions {
  readonly #createServer: () => Server;
  readonly #isBusy: (server: Server) => boolean;
  readonly #sessions = new Map<string, HttpSession>();
  #timer: ReturnType<typeof setInterval> | undefined;

  // Stryker disable next-line ArrowFunction: undefined means not busy, too
  constructor({ createServer, isBusy = () => false }: SessionsOptions) {
    this.#createServer = createServer;
    this.#isBusy = isBusy;
  }

  /** Whether a request belongs to a session of the caller. */
  has(request: Request, caller: Caller): boolean {
    return this.#of(request, caller) !== undefined;
  }

  async handle(request: Request, message: unknown, caller: Caller, onEnd: (ending: Ending) => void): Promise<Response> {
    const session = this.#of(request, caller);
    if (session !== undefined) return this.#run(session, request, message, caller, onEnd);
    onEnd('complete');
    if (request.headers.has('mcp-session-id')) {
      return jsonError(404, 'There is no such session (any more). Initialize again.', { code: SESSION_NOT_FOUND });
    }
    return jsonError(400, 'The header Mcp-Session-Id is required; initialize brings it.');
  }

  /** Starts a session with the message that asks for it. */
  async start(request: Request, message: unknown, caller: Caller, onEnd: (ending: Ending) => void): Promise<Response> {
    if (!this.#makeRoom()) {
      onEnd('complete');
      const headers = { 'Retry-After': RETRY_AFTER_S };
      return jsonError(503, `All ${MAX_SESSIONS} sessions are in use.`, { headers });
    }
    let id = '';
    const connection = await connectTransport(
      this.#createServer(),
      {
        sessionIdGenerator: () => crypto.randomUUID(),
        onsessioninitialized: (given) => {
          id = given;
          this.#sessions.set(given, session);
          this.#lookFromNowOn();
        },
      },
      () => void this.#sessions.delete(id),
    );
    const session: HttpSession = { ...connection, subject: caller.subject, open: 0, usedAt: performance.now() };
    const response = await this.#run(session, request, message, caller, onEnd);
    // It may have been refused because of its headers.
    if (id === '') await connection.server.close();
    return response;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#sessions.values()].map(({ server }) => server.close()));
  }

  /** For everybody else, the session does not exist. */
  #of({ headers }: Request, { subject }: Caller): HttpSession | undefined {
    // Stryker disable next-line StringLiteral: no session has another text as its id
    const session = this.#sessions.get(headers.get('mcp-session-id') ?? '');
    return session?.subject === subject ? session : undefined;
  }

  async #run(
    session: HttpSession,
    request: Request,
    message: unknown,
    caller: Caller,
    onEnd: (ending: Ending) => void,
  ): Promise<Response> {
    session.open += 1;
    return respond(session, request, message, caller, (ending) => {
      session.open -= 1;
      session.usedAt = performance.now();
      onEnd(ending);
    });
  }

  /**
   * Ends the session that was idle longest if there are too many. Busy sessions stay, even without an open response.
   */
  #makeRoom(): boolean {
    this.#endUnused();
    if (this.#sessions.size < MAX_SESSIONS) return true;
    const [oldest] = [...this.#sessions.values()]
      .filter(({ open, server }) => open === 0 && !this.#isBusy(server))
      .sort((one, other) => one.usedAt - other.usedAt);
    if (oldest === undefined) return false;
    void oldest.server.close();
    return true;
  }

  /** Ends the sessions that were idle too long, and everything that they started. */
  #endUnused(): void {
    for (const { open, usedAt, server } of this.#sessions.values()) {
      if (open === 0 && performance.now() - usedAt > IDLE_MS) void server.close();
    }
  }

  /** Runs as long as there are sessions. */
  #lookFromNowOn(): void {
    this.#timer ??= setInterval(() => {
      this.#endUnused();
      if (this.#sessions.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    }, LOOK_MS);
  }
}
