import type { ChatRequest, ChatResponse, GenerateRequest, GenerateResponse, Message } from '../schemas/interfaces.ts';
import { canonicalModel } from './model-name.ts';
import { optionKind } from './option-kinds.ts';
import { misplacedFields } from './request-fields.ts';

/** What a notice is about, and its details. */
export interface NoticeDetails {
  /**
   * The model most likely called a tool that was not offered. `tokens`: how many it wrote, which the server dropped.
   */
  tool_not_offered: { tokens: number };
  /** The prompt did not fit the context. `tokens`: how many the model read, from a prompt of `characters`. */
  prompt_cut: { tokens: number; characters: number };
  /** The answer may be incomplete. `tokens`: how many there are. */
  stopped_at_length: { tokens?: number | undefined };
  /** The server does not know an option. `isRequestField`: it belongs beside `options`, not in it. */
  option_ignored: { option: string; isRequestField: boolean };
  /** A call used a different `num_ctx` than the one before. A call that set none has no number here. */
  model_reloaded: { loadMs: number; numCtx?: number | undefined; previousNumCtx?: number | undefined };
  /** A conversation outgrew its context. `messages`: how many of the oldest were left out. */
  history_trimmed: { messages: number };
  /** A PARAMETER of a Modelfile that Ollama no longer has. `line` counts from 1. */
  parameter_ignored: { option: string; line?: number };
  /** The server does not know a field of the request. `meant`: what was most likely meant, such as `options.seed`. */
  field_ignored: { field: string; meant: string };
  /** Invisible characters of a Modelfile that Ollama drops. `characters`: how many; `line` counts from 1. */
  characters_dropped: { command: string; characters: number; line?: number };
}

/** What a notice is about. */
export type NoticeCode = keyof NoticeDetails;

/**
 * Something worth knowing about an answer that is not an error and that the server does not report. `message` is for
 * people, and its words may change. The details are in fields, which depend on `code`.
 */
export type Notice = { [Code in NoticeCode]: { code: Code; message: string } & NoticeDetails[Code] }[NoticeCode];

/**
 * A prompt cannot have more characters per token than this: prose has about four, the longest words of programming
 * languages and white space about eight.
 */
const MAX_CHARACTERS_PER_TOKEN = 12;
/** Shorter prompts are never truncated, and their count is mostly template. */
const MIN_CHARACTERS = 500;
/** How many models the last call is remembered for. */
const MAX_MODELS = 256;
/** How many unknown options are named. */
const MAX_IGNORED = 20;
/** A shorter load is not a reload. */
const RELOAD_NS = 50_000_000;

type Request = Partial<Pick<ChatRequest, 'messages' | 'tools'> & Pick<GenerateRequest, 'prompt' | 'system' | 'raw'>> &
  Pick<ChatRequest, 'model' | 'options' | 'truncate'>;
type Response = ChatResponse | GenerateResponse;

/** Finds what the server does not report, from the request, the response and earlier requests. */
export class AnswerNotices {
  /** `num_ctx` of the last call per model. */
  readonly #contexts = new Map<string, number | undefined>();

  of(request: Request, answer: Response): Notice[] {
    const noticed = [
      cutPrompt(request, answer),
      lostToolCall(request, answer),
      stoppedAtLength(answer),
      this.#reload(request, answer),
    ];
    return [...ignoredFields(request), ...ignoredOptions(request), ...noticed.filter((notice) => notice !== undefined)];
  }

  #reload(request: Request, { load_duration = 0 }: Response): Notice | undefined {
    const model = canonicalModel(request.model);
    const known = this.#contexts.has(model);
    const previousNumCtx = this.#contexts.get(model);
    const numCtx = request.options?.num_ctx;
    this.#contexts.delete(model);
    this.#contexts.set(model, numCtx);
    const [oldest] = this.#contexts.keys();
    if (this.#contexts.size > MAX_MODELS && oldest !== undefined) this.#contexts.delete(oldest);
    if (!known || previousNumCtx === numCtx || load_duration < RELOAD_NS) return undefined;
    const loadMs = Math.round(load_duration / 1e6);
    return {
      code: 'model_reloaded',
      loadMs,
      numCtx,
      previousNumCtx,
      message: `The model was reloaded (${loadMs} ms), since num_ctx changed from ${previousNumCtx ?? 'unset'} to ${numCtx ?? 'unset'}: keep it the same in all calls.`,
    };
  }
}

function ignoredFields(request: Request): Notice[] {
  return misplacedFields(request).map(({ field, meant }) => ({
    code: 'field_ignored',
    field,
    meant,
    message: `The server ignores ${field}: did you mean ${meant}?`,
  }));
}

function ignoredOptions({ options }: Request): Notice[] {
  return Object.keys(options ?? {})
    .filter((name) => optionKind(name) === undefined)
    .slice(0, MAX_IGNORED)
    .map((option) => {
      const isRequestField = ['format', 'keep_alive', 'think'].includes(option);
      const why = isRequestField
        ? `${option} belongs next to options, not in it`
        : 'it knows no such option, or no longer does';
      return {
        code: 'option_ignored',
        option,
        isRequestField,
        message: `The server ignores options.${option}: ${why}.`,
      };
    });
}

function cutPrompt(request: Request, { prompt_eval_count: tokens }: Response): Notice | undefined {
  // Without it the server responds with an error instead.
  if (request.truncate === false || typeof tokens !== 'number') return undefined;
  const characters = charactersOf(request);
  if (characters < MIN_CHARACTERS || characters <= tokens * MAX_CHARACTERS_PER_TOKEN) return undefined;
  return {
    code: 'prompt_cut',
    tokens,
    characters,
    message: `The server truncated the prompt: of ${characters} characters the model read ${tokens} tokens. Raise options.num_ctx, or send truncate: false to get an error instead.`,
  };
}

function charactersOf({ messages, prompt, system }: Request): number {
  const contents = Array.isArray(messages) ? messages.map((message: Partial<Message> | null) => message?.content) : [];
  return [prompt, system, ...contents].reduce((sum, text) => sum + (typeof text === 'string' ? text.length : 0), 0);
}

/** The server drops a call of a tool that was not offered: the answer is empty but has used tokens. */
function lostToolCall({ tools }: Request, { message, eval_count: tokens }: Response): Notice | undefined {
  const { content = '', thinking, tool_calls } = (message ?? {}) as Partial<ChatResponse['message']>;
  if (!tools?.length || !tokens || content !== '' || thinking || tool_calls?.length) return undefined;
  return {
    code: 'tool_not_offered',
    tokens,
    message: `The answer is empty, although the model wrote ${tokens} tokens. It probably called an undeclared tool, and the server drops such calls.`,
  };
}

function stoppedAtLength({ done_reason, eval_count: tokens }: Response): Notice | undefined {
  if (done_reason !== 'length') return undefined;
  return {
    code: 'stopped_at_length',
    tokens,
    message:
      'The answer reached its maximum length and may be incomplete: raise options.num_predict or options.num_ctx.',
  };
}
