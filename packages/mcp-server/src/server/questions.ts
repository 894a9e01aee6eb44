/**
 * Questions to the person from 2026-07-28 on: the result of a call is the question, and the client repeats the call
 * with the answer. The state that it returns is signed, so any server with the same key knows what the person was asked.
 */
import {
  createRequestStateCodec,
  inputResponse,
  type RequestStateCodec,
  type Result,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { CallAgain, Question, type Reply } from '../calls/confirm.ts';

/** Key of the question in `inputRequests`. */
const KEY = 'confirm';
/** Long enough for a person to come back from lunch. */
const TTL_SECONDS = 3600;
const INVALID_PARAMS = -32602;

/** A tool call. */
interface Call {
  params: Readonly<Record<string, unknown>>;
  context: ServerContext;
}

export class Questions {
  readonly #states: RequestStateCodec<string>;

  /** @param key of any length. @default a random key of this process */
  constructor(key = '') {
    this.#states = createRequestStateCodec({
      key: `ollama-toolbelt question to the person\n${key || crypto.randomUUID() + crypto.randomUUID()}`,
      ttlSeconds: TTL_SECONDS,
      bind: ({ http }) => http?.authInfo?.clientId ?? '',
    });
  }

  /** The result that asks the client to put a question to the person. */
  async put(question: string, call: Call): Promise<Result> {
    const params = { mode: 'form', message: question, requestedSchema: { type: 'object', properties: {} } };
    return {
      resultType: 'input_required',
      // A form without fields: to accept it is to agree.
      inputRequests: { [KEY]: { method: 'elicitation/create', params } },
      requestState: await this.#states.mint(await digest(question, call), call.context),
    };
  }

  /**
   * The person's answer, if they were asked this question about this call.
   *
   * @throws Question if not.
   * @throws an error with a JSON-RPC `code` if the state that the client returns is forged.
   */
  async answer(question: string, call: Call): Promise<Reply> {
    const { requestState, inputResponses } = call.context.mcpReq;
    const state = requestState<unknown>();
    const response = inputResponse(inputResponses, KEY);
    if (state === undefined) throw new Question(question);
    const asked = await this.#asked(state, call.context);
    if (response.kind !== 'elicit' || asked !== (await digest(question, call))) throw new Question(question);
    return response.action;
  }

  /** Digest of the question that was asked; `undefined` if it has expired. */
  async #asked(state: unknown, context: ServerContext): Promise<string | undefined> {
    try {
      return await this.#states.verify(String(state), context);
    } catch (error) {
      if (error instanceof Error && error.message === 'expired') return undefined;
      const problem = 'requestState was not issued by this server. Make the call again without it.';
      throw Object.assign(new CallAgain(problem), { code: INVALID_PARAMS, data: { reason: 'invalid_request_state' } });
    }
  }
}

/** Identifies a question together with its call. */
async function digest(question: string, { params }: Call): Promise<string> {
  const text = JSON.stringify([question, params['name'], params['arguments']]);
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
