/** Reads what a call passes along from the SDK's context. */
import type { Server, ServerContext } from '@modelcontextprotocol/server';
import type { Ask, Reply } from '../calls/confirm.ts';
import type { CallExtras } from '../calls/tool-calls.ts';
import { LONGEST_TIMER_MS } from '../tools/timer.ts';
import type { Asked } from './asked.ts';
import { capabilitiesOf } from './client-capabilities.ts';
import { knowsTasks } from './task-methods.ts';

/** The scopes of the access token of a request; `undefined` if everything is allowed. */
export const scopesOf = ({ http }: ServerContext): ReadonlySet<string> | undefined =>
  http?.authInfo && new Set(http.authInfo.scopes);

export function callExtras(asked: Asked): CallExtras {
  const { signal, _meta, notify } = asked.context.mcpReq;
  const token = _meta?.progressToken;
  const ask = asked.era === 'modern' ? askAgain(asked) : askNow(asked);
  return {
    signal,
    ...(ask && { ask }),
    knowsTasks: asked.era === 'modern' && knowsTasks(capabilitiesOf(asked)),
    ...(token !== undefined && {
      notify: (update) => {
        notify({ method: 'notifications/progress', params: { progressToken: token, ...update } })
          // The client has disconnected.
          .catch(() => {});
      },
    }),
  };
}

/** Asks by having the client call again, if it can ask. */
function askAgain({ questions, ...call }: Asked): Ask | undefined {
  const { elicitation } = capabilitiesOf(call) ?? {};
  const canAsk = elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
  return canAsk ? (question) => questions.answer(question, call) : undefined;
}

/** Asks while the call waits, if the client can ask and receives requests. */
const askNow = (asked: Asked): Ask | undefined =>
  capabilitiesOf(asked)?.elicitation?.form && readsQuestions(asked.context)
    ? (...question) => elicit(asked.server, asked.context, ...question)
    : undefined;

/** A question is sent as an event before the response. A client that only accepts JSON would never see it. */
const readsQuestions = ({ http }: ServerContext) => !/event-stream;q=0/.test(http?.req?.headers.get('accept') ?? '');

/** A form without fields: to accept it is to agree. */
async function elicit(server: Server, { mcpReq }: ServerContext, message: string, signal: AbortSignal): Promise<Reply> {
  const params = { message, requestedSchema: { type: 'object' as const, properties: {} } };
  // No timeout: a person may take long to decide.
  const options = { signal, timeout: LONGEST_TIMER_MS, relatedRequestId: mcpReq.id };
  return (await server.elicitInput(params, options)).action;
}
