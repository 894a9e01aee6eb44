/** What a call brings along, in the words of the SDK. */
import type { Server, ServerContext } from '@modelcontextprotocol/server';
import type { Ask, Reply } from '../calls/confirm.ts';
import type { CallExtras } from '../calls/tool-calls.ts';
import { LONGEST_TIMER_MS } from '../tools/timer.ts';
import type { Asked } from './asked.ts';
import { capabilitiesOf } from './client-capabilities.ts';
import { knowsTasks } from './task-methods.ts';

/** What the access token of a request allows; nothing if everything is allowed. */
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
          // The client has left.
          .catch(() => {});
      },
    }),
  };
}

/** By another call, if the client can ask. */
function askAgain({ questions, ...call }: Asked): Ask | undefined {
  const { elicitation } = capabilitiesOf(call) ?? {};
  const canAsk = elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
  return canAsk ? (question) => questions.answer(question, call) : undefined;
}

/** While the call waits, if the client can ask and can be reached. */
const askNow = (asked: Asked): Ask | undefined =>
  capabilitiesOf(asked)?.elicitation?.form && readsQuestions(asked.context)
    ? (...question) => elicit(asked.server, asked.context, ...question)
    : undefined;

/** A question comes as an event before the answer. A client that takes JSON alone would never see it. */
const readsQuestions = ({ http }: ServerContext) => !/event-stream;q=0/.test(http?.req?.headers.get('accept') ?? '');

/** A form without fields: to accept it is to agree. */
async function elicit(server: Server, { mcpReq }: ServerContext, message: string, signal: AbortSignal): Promise<Reply> {
  const params = { message, requestedSchema: { type: 'object' as const, properties: {} } };
  // A person thinks as long as it takes.
  const options = { signal, timeout: LONGEST_TIMER_MS, relatedRequestId: mcpReq.id };
  return (await server.elicitInput(params, options)).action;
}
