/** MCP over HTTP from 2026-07-28 on: requests are self-contained, and closing the response cancels the call. */
import {
  createMcpHandler,
  type McpHttpHandler,
  type McpServerFactory,
  PROTOCOL_VERSION_META_KEY,
  type Server,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server';
import { listeningIn, refusalFor } from '../../server/task-listening.ts';
import { isTaskMethod } from '../../server/task-methods.ts';
import type { Tasks } from '../../server/tasks.ts';
import { wantedForm } from './accept.ts';
import type { Caller } from './caller.ts';
import { jsonError } from './json-rpc-error.ts';
import { authInfoOf, COMMENT_MS, type Ending, watched } from './sse-response.ts';
import { TaskStreams } from './task-stream.ts';

export interface ModernServers {
  /** Creates an SDK server for one request. */
  createServer: (subject: string | undefined, method: string | null | undefined) => Server;
  /** Returns the tasks of a client. @default none are kept */
  tasksOf?: (subject: string | undefined) => Tasks | undefined;
  /** Ends everything that still runs after its request. */
  close: () => void;
}

/** Whether a revision is later than all revisions with a handshake. */
const isLater = (revision: string) => /^\d{4}-\d\d-\d\d$/.test(revision) && revision > '2025-11-25';

const claimsRevision = (message: unknown) => {
  const meta = (message as { params?: { _meta?: object } } | undefined)?.params?._meta;
  return meta !== undefined && PROTOCOL_VERSION_META_KEY in meta;
};

/**
 * Whether a request is of this kind, according to its header or body. Some clients agree on an older revision in the
 * handshake but put the newer one into the body: then the header decides, or without a header, the session.
 */
export function isModern({ headers }: Request, message: unknown): boolean {
  const named = headers.get('mcp-protocol-version');
  if (named !== null && SUPPORTED_PROTOCOL_VERSIONS.includes(named)) return false;
  if (named === null && headers.has('mcp-session-id')) return false;
  return (named !== null && isLater(named)) || [message].flat().some(claimsRevision);
}

const isStream = ({ headers }: Response) => headers.get('content-type') === 'text/event-stream';

export class ModernHttp {
  /** For calls, whose clients may disconnect. */
  readonly #streaming: McpHttpHandler;
  /** For requests that are answered at once. Without a stream, errors can have an HTTP status. */
  readonly #plain: McpHttpHandler;
  readonly #servers: ModernServers;
  readonly #taskStreams = new TaskStreams();

  constructor(servers: ModernServers) {
    this.#servers = servers;
    const create: McpServerFactory = ({ requestInfo, authInfo }) =>
      servers.createServer(authInfo?.clientId, requestInfo?.headers.get('mcp-method'));
    const options = { legacy: 'reject', keepAliveMs: COMMENT_MS } as const;
    // A disconnect is only noticed on a stream, so there must be one from the beginning.
    this.#streaming = createMcpHandler(create, { ...options, responseMode: 'sse' });
    this.#plain = createMcpHandler(create, options);
  }

  /** Answers a request; `onEnd` is called once. */
  async respond(
    request: Request,
    message: unknown,
    caller: Caller,
    onEnd: (ending: Ending) => void,
  ): Promise<Response> {
    if (wantedForm(request.headers.get('accept')) === undefined) {
      onEnd('complete');
      return jsonError(406, 'The header Accept should have application/json and text/event-stream.');
    }
    const handler = isTaskMethod((message as { method?: unknown } | null)?.method) ? this.#plain : this.#streaming;
    const given = await handler.fetch(request, { parsedBody: message, ...authInfoOf(caller) });
    const response = this.#toldOfTasks(given, message, caller) ?? given;
    if (response.body === null || !isStream(response)) {
      onEnd('complete');
      return response;
    }
    return new Response(watched(response.body, onEnd), response);
  }

  /** The stream for a valid request that subscribes to tasks, if tasks are kept. */
  #toldOfTasks(response: Response, message: unknown, { subject }: Caller): Response | undefined {
    const listening = listeningIn(message);
    const tasks = this.#servers.tasksOf?.(subject);
    if (listening === undefined || tasks === undefined || !isStream(response)) return undefined;
    void response.body?.cancel();
    return listening.isDeclared
      ? this.#taskStreams.answer(listening, tasks)
      : Response.json(refusalFor(listening), { status: 400 });
  }

  async close(): Promise<void> {
    this.#taskStreams.close();
    await Promise.all([this.#streaming.close(), this.#plain.close()]);
    this.#servers.close();
  }
}
