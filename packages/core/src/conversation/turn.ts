import { OllamaError } from '../errors/errors.ts';
import { throwIfAborted } from '../http/abort-signals.ts';
import { batchesOf, type OllamaStream } from '../http/stream.ts';
import type { CallOptions } from '../options.ts';
import type { ChatRequest, ChatResponse, Message, ToolCall } from '../schemas/interfaces.ts';
import type { Chunk } from '../wire/answer-types.ts';
import type { Notice } from '../wire/notices.ts';
import type { ContextWindow, FittedHistory } from './context-window.ts';
import { copyOf } from './deep-copy.ts';
import { type DueCall, runTools } from './run-tools.ts';
import { type AnyTool, hasHandler, nameOf } from './tools.ts';

export interface TurnPlan {
  chatStream: (request: ChatRequest, call: CallOptions) => OllamaStream<Chunk<ChatResponse>>;
  window: ContextWindow;
  /** The request of every round; `messages` are those of the first round. */
  request: ChatRequest;
  tools: readonly AnyTool[];
  maxRounds: number;
  call: CallOptions;
  signal: AbortSignal;
  /** Gets the answer and the new history before the last chunk is yielded. */
  finish: (answer: Chunk<ChatResponse>, messages: readonly Message[]) => void;
}

/**
 * One turn: calls the model, runs the tools it asks for, and repeats that until it answers. Yields the chunks of all
 * rounds in batches as they come; only the very last has `done: true`.
 */
export async function* runTurn(plan: TurnPlan): AsyncGenerator<readonly Chunk<ChatResponse>[], void, undefined> {
  let messages: readonly Message[] = plan.request.messages;
  let dropped = 0;
  for (let round = 1; ; round++) {
    const finished = yield* runRound(plan, messages);
    const { answer, last } = finished;
    dropped += finished.dropped;
    messages = [...finished.messages, historyMessage(answer)];

    const { due, handedOver } = sortCalls(answer.message.tool_calls ?? [], plan.tools);
    const goesOn = due.length > 0 && handedOver.length === 0;
    if (goesOn && round >= plan.maxRounds) throw tooManyRounds(plan, answer);
    if (goesOn) yield [{ ...last, done: false }];
    if (due.length > 0) messages = [...messages, ...(await runTools(due, plan.tools.map(nameOf), plan.signal))];
    throwIfAborted(plan.signal);
    if (goesOn) continue;
    const notices = dropped > 0 ? { notices: [...(last.notices ?? []), trimmedNotice(dropped)] } : {};
    plan.finish({ ...onlyCalls(answer, due, handedOver), ...notices }, messages);
    yield [{ ...last, ...notices }];
    return;
  }
}

interface FinishedRound {
  answer: Chunk<ChatResponse>;
  /** The last chunk, not yielded yet. */
  last: Chunk<ChatResponse>;
  /** The messages that were sent. */
  messages: readonly Message[];
  dropped: number;
}

/** One request and its answer; sent again with fewer messages if the server reports that they do not fit. */
async function* runRound(
  plan: TurnPlan,
  messages: readonly Message[],
): AsyncGenerator<readonly Chunk<ChatResponse>[], FinishedRound, undefined> {
  const { window, request, call } = plan;
  const fitted = await window.fit(messages, request, call);
  try {
    return yield* attempt(plan, fitted);
  } catch (error) {
    const isTooLong = error instanceof OllamaError && error.code === 'context_exceeded' && error.partial === undefined;
    const harder = isTooLong && (await window.fitHarder(fitted.messages, request, call, error));
    if (!harder) throw error;
    return yield* attempt(plan, { ...harder, dropped: fitted.dropped + harder.dropped });
  }
}

/** The chunks of one request as they come, except the last. */
async function* attempt(
  plan: TurnPlan,
  { messages, dropped, budget }: FittedHistory,
): AsyncGenerator<readonly Chunk<ChatResponse>[], FinishedRound, undefined> {
  // If we trim the history ourselves, a prompt that still does not fit must be an error: the server would truncate it
  // silently.
  const request = { ...plan.request, messages: [...messages], ...(budget !== undefined && { truncate: false }) };
  let last: Chunk<ChatResponse> | undefined;
  const stream = plan.chatStream(request, plan.call);
  for await (const chunks of batchesOf(stream)) {
    if (chunks.at(-1)?.done) last = chunks.at(-1);
    const others = last ? chunks.slice(0, -1) : chunks;
    if (others.length > 0) yield others;
  }
  // Not its `result`: a round that calls tools has no value in the format.
  const answer = stream.partial;
  // Only for the types: a stream without a last chunk throws.
  if (!last || !answer) throw new Error('unreachable');
  plan.window.learn(messages, request, answer);
  return { answer, last, messages, dropped };
}

/** A copy, so a caller who gets the answer cannot change the history. */
function historyMessage({ message }: ChatResponse): Message {
  return { ...copyOf(message), role: 'assistant' };
}

/**
 * Separates calls that have a handler or are a mistake by the model from calls for the caller. If no tool has a handler,
 * the caller answers all of them.
 */
function sortCalls(calls: readonly ToolCall[], tools: readonly AnyTool[]): { due: DueCall[]; handedOver: ToolCall[] } {
  const due: DueCall[] = [];
  const handedOver: ToolCall[] = [];
  const hasHandlers = tools.some(hasHandler);
  const named = new Map(tools.map((tool) => [nameOf(tool), tool]));
  for (const call of calls) {
    const tool = named.get(call.function.name);
    if (tool === undefined ? hasHandlers : hasHandler(tool)) due.push({ call, tool: tool as DueCall['tool'] });
    else handedOver.push(call);
  }
  return { due, handedOver };
}

/** Of an answer with calls of both kinds, the caller sees only those that it has to answer. */
function onlyCalls(answer: ChatResponse, due: readonly DueCall[], tool_calls: ToolCall[]): ChatResponse {
  return due.length === 0 ? answer : { ...answer, message: { ...answer.message, tool_calls } };
}

const trimmedNotice = (dropped: number): Notice => ({
  code: 'history_trimmed',
  messages: dropped,
  message: `The conversation has outgrown its context: the oldest messages were left out (${dropped} of them).`,
});

function tooManyRounds({ request, maxRounds }: TurnPlan, answer: ChatResponse): OllamaError {
  return new OllamaError(`${request.model} still calls tools after ${maxRounds} rounds.`, {
    code: 'bad_output',
    hint: 'Raise maxRounds, or look at what the tools return: a model keeps calling them if they do not answer its question.',
    model: request.model,
    reason: 'too_many_rounds',
    rounds: maxRounds,
    partial: answer,
  });
}
