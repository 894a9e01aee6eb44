/** What a call brings along, in the words of the SDK. */
import type { Server, ServerContext } from '@modelcontextprotocol/server';
import type { Reply } from '../calls/confirm.ts';
import type { CallExtras } from '../calls/tool-calls.ts';
import { LONGEST_TIMER_MS } from '../tools/timer.ts';

/** What the access token of a request allows; nothing if everything is allowed. */
export const scopesOf = ({ http }: ServerContext): ReadonlySet<string> | undefined =>
  http?.authInfo && new Set(http.authInfo.scopes);

export function callExtras(server: Server, context: ServerContext): CallExtras {
  const { signal, _meta, notify } = context.mcpReq;
  const token = _meta?.progressToken;
  return {
    signal,
    ...(server.getClientCapabilities()?.elicitation?.form &&
      readsQuestions(context) && { ask: (...args) => ask(server, context, ...args) }),
    ...(token !== undefined && {
      notify: (update) => {
        notify({ method: 'notifications/progress', params: { progressToken: token, ...update } })
          // The client has left.
          .catch(() => {});
      },
    }),
  };
}

/** A question comes as an event before the answer. A client that takes JSON alone would never see it. */
const readsQuestions = ({ http }: ServerContext) => !/event-stream;q=0/.test(http?.req?.headers.get('accept') ?? '');

/** A form without fields: to accept it is to agree. */
async function ask(server: Server, { mcpReq }: ServerContext, message: string, signal: AbortSignal): Promise<Reply> {
  const params = { message, requestedSchema: { type: 'object' as const, properties: {} } };
  // A person thinks as long as it takes.
  const options = { signal, timeout: LONGEST_TIMER_MS, relatedRequestId: mcpReq.id };
  return (await server.elicitInput(params, options)).action;
}
