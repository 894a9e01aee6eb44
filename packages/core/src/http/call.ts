import { OllamaConnectionError, OllamaError } from '../errors/errors.ts';
import { asOllamaError } from '../errors/unexpected.ts';
import { hostnameOf } from '../loopback.ts';
import type { CallOptions } from '../options.ts';
import type {
  ChatRequest,
  ChatResponse,
  GenerateRequest,
  GenerateResponse,
  ProgressResponse,
} from '../schemas/interfaces.ts';
import type { Format } from '../schemas/values.ts';
import { type Accumulator, accumulateChat, accumulateGenerate, accumulateProgress } from '../wire/accumulate.ts';
import type { Answer, Chunk, Formatted } from '../wire/answer-types.ts';
import { parseOutput } from '../wire/json-format.ts';
import { AnswerNotices } from '../wire/notices.ts';
import type { Route } from '../wire/route.ts';
import { routes } from '../wire/routes.ts';
import { streamOf } from './answer-stream.ts';
import type { ClientContext } from './client-context.ts';
import { outgoing } from './outgoing.ts';
import { readAnswer } from './read-answer.ts';
import type { OllamaStream } from './stream.ts';

/** Makes the calls of one client: takes a request, returns the server's object or a stream of its lines. */
export class Calls {
  readonly client: ClientContext;
  readonly #notices = new AnswerNotices();

  constructor(client: ClientContext) {
    this.client = client;
  }

  /** Closes the pooled connections. */
  async close(): Promise<void> {
    try {
      await this.client.platform.close?.();
    } catch (cause) {
      if (cause instanceof OllamaError) throw cause;
      throw new OllamaConnectionError('The connections could not be closed.', { code: 'reset', cause });
    }
  }

  /** A call whose response is one object. */
  async whole<Response>(route: Route, request: object | undefined, call: CallOptions): Promise<Response> {
    const { cloudPath } = route;
    const path = cloudPath !== undefined && isCloud(this.client.url) ? { path: cloudPath } : {};
    try {
      return (await readAnswer(this.client, { ...outgoing(route, request), ...path }, call)) as Response;
    } catch (error) {
      throw asOllamaError(error);
    }
  }

  generate<F extends Format>(
    request: Formatted<GenerateRequest, F>,
    call: CallOptions,
  ): OllamaStream<Chunk<GenerateResponse>, Answer<GenerateResponse, F>> {
    return this.#answer(routes.generate, request, call, accumulateGenerate(), ({ response }) => response);
  }

  chat<F extends Format>(
    request: Formatted<ChatRequest, F>,
    call: CallOptions,
  ): OllamaStream<Chunk<ChatResponse>, Answer<ChatResponse, F>> {
    return this.#answer(routes.chat, request, call, accumulateChat(), ({ message }) => message.content);
  }

  /** A call that reports its progress line by line. */
  progress(route: Route, request: object, call: CallOptions): OllamaStream<ProgressResponse> {
    return this.#stream(route, request, call, accumulateProgress(), (last) => last);
  }

  #answer<Line extends ChatResponse | GenerateResponse, Whole>(
    route: Route,
    request: Asked,
    call: CallOptions,
    accumulator: Accumulator<Line>,
    textOf: (answer: Line) => string,
  ): OllamaStream<Chunk<Line>, Whole> {
    const noticing: Accumulator<Chunk<Line>> = {
      ...accumulator,
      add: (line) => {
        accumulator.add(line);
        const whole = line.done ? accumulator.answer() : undefined;
        const notices = whole ? this.#notices.of(request, whole) : [];
        // On the last line, and so in the complete answer.
        if (notices.length > 0) Object.assign(line, { notices });
      },
    };
    const finish = (answer: Chunk<Line>) => finished(answer, request, textOf(answer)) as Whole;
    return this.#stream(route, request, call, noticing, finish);
  }

  #stream<Line extends object, Whole>(
    route: Route,
    request: object,
    call: CallOptions,
    accumulator: Accumulator<Line>,
    finish: (answer: Line) => Whole,
  ): OllamaStream<Line, Whole> {
    // A request that cannot be written rejects the first `next` instead of throwing here.
    const prepare = () => outgoing(route, request);
    return streamOf({ client: this.client, prepare, accumulator, call }, finish);
  }
}

type Asked = Formatted<GenerateRequest & Pick<ChatRequest, 'tools'>, Format> | Formatted<ChatRequest, Format>;

/** A complete answer as the caller gets it: with its notices, and its value if it has a format. */
function finished(
  answer: Chunk<GenerateResponse | ChatResponse>,
  { model, format, tools }: Pick<ChatRequest, 'model' | 'format' | 'tools'>,
  text: string,
): object {
  const noticed = { ...answer, notices: answer.notices ?? [] };
  const isLoad = answer.done_reason === 'load' || answer.done_reason === 'unload';
  // If the model calls a tool that was not offered, the answer arrives empty.
  if (!format || (text === '' && (isLoad || (tools && tools.length > 0)))) return noticed;
  return { ...noticed, parsed: parseOutput(format, text, noticed, answer.model ?? model) };
}

const isCloud = (url: string) => hostnameOf(url).toLowerCase() === 'ollama.com';
