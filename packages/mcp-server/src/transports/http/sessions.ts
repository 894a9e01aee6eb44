import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { jsonError, SESSION_NOT_FOUND } from './json-rpc-error.ts';
import { type Connection, connectTransport, type Ending, respond } from './sse-response.ts';

/** Clients may leave without a word. */
const IDLE_MS = 60 * 60 * 1000;
const MAX_SESSIONS = 200;

interface HttpSession extends Connection {
  /** Responses that are still open. */
  open: number;
  usedAt: number;
}

/** Clients that are remembered from one request to the next, by the id that their first answer brought them. */
export class Sessions {
  readonly #createServer: () => Server;
  readonly #now: () => number;
  readonly #sessions = new Map<string, HttpSession>();

  constructor(createServer: () => Server, now: () => number = () => performance.now()) {
    this.#createServer = createServer;
    this.#now = now;
  }

  async handle(request: Request, message: unknown, onEnd: (ending: Ending) => void): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    const session = id === null ? undefined : this.#sessions.get(id);
    if (session !== undefined) return this.#run(session, request, message, onEnd);
    onEnd('complete');
    if (id !== null) {
      return jsonError(404, 'There is no such session (any more). Initialize again.', { code: SESSION_NOT_FOUND });
    }
    return jsonError(400, 'The header Mcp-Session-Id is required; initialize brings it.');
  }

  /** Starts a session with the message that asks for it. */
  async start(request: Request, message: unknown, onEnd: (ending: Ending) => void): Promise<Response> {
    if (!this.#makeRoom()) {
      onEnd('complete');
      return jsonError(503, `All ${MAX_SESSIONS} sessions are in use.`);
    }
    let id: string | undefined;
    const connection = await connectTransport(
      this.#createServer(),
      {
        sessionIdGenerator: () => crypto.randomUUID(),
        onsessioninitialized: (given) => {
          id = given;
          this.#sessions.set(given, session);
        },
      },
      () => void (id !== undefined && this.#sessions.delete(id)),
    );
    const session: HttpSession = { ...connection, open: 0, usedAt: this.#now() };
    const response = await this.#run(session, request, message, onEnd);
    // It may have been refused, for what its headers say.
    if (id === undefined) await connection.server.close();
    return response;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map(({ server }) => server.close()));
  }

  async #run(
    session: HttpSession,
    request: Request,
    message: unknown,
    onEnd: (ending: Ending) => void,
  ): Promise<Response> {
    session.open += 1;
    return respond(session, request, message, (ending) => {
      session.open -= 1;
      session.usedAt = this.#now();
      onEnd(ending);
    });
  }

  /** Ends the sessions that nobody has used for long, and the one idle longest if there are too many. */
  #makeRoom(): boolean {
    const idle = [...this.#sessions.values()]
      .filter(({ open }) => open === 0)
      .sort((one, other) => one.usedAt - other.usedAt);
    const tooMany = this.#sessions.size >= MAX_SESSIONS;
    const [oldest] = idle;
    const ended = idle.filter((session) => this.#now() - session.usedAt > IDLE_MS || (tooMany && session === oldest));
    for (const { server } of ended) void server.close();
    return this.#sessions.size < MAX_SESSIONS || ended.length > 0;
  }
}
