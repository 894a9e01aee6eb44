import type {
  ChatModel,
  ChatModelConfig,
  FinishReason,
  GenerateResult,
  Message,
  MessageContent,
  StreamChunk,
  TokenUsage,
  Tool,
} from '@n8n/ai-node-sdk';
import type { ChatRequest, ChatResponse, Chunk, Ollama, Timeouts, ToolCall } from '@ollama-toolbelt/core/neutral';
import { emptinessOf, takenOut } from '../shared/answer-notes.ts';
import { readJson } from '../shared/json-answer.ts';
import { type SplitText, splitThinking, ThinkingTags } from '../shared/thinking-tags.ts';
import { noticeText } from '../shared/wording.ts';
import { ollamaMessages } from './ollama-messages.ts';

export interface ChatModelSetup {
  ollama: Ollama;
  /** What every call sends in addition to messages and tools. */
  request: Omit<ChatRequest, 'messages' | 'tools'>;
  timeouts: Timeouts;
  /** Whether `<think>…</think>` is removed from the text. */
  isStripped: boolean;
  /** Aborts when the workflow is stopped. */
  cancel: AbortSignal | undefined;
  /** JSON Schema of a tool's arguments. */
  parametersOf: (tool: Tool) => unknown;
  /** Shows notices about an answer with the output. */
  hint: (notice: { message: string }) => void;
  /** The error as a person sees it in n8n. */
  failure: (error: unknown) => Error;
}

/** A model of an Ollama server as n8n's agents and chains call it. */
export class OllamaChatModel implements ChatModel {
  readonly provider = 'ollama';
  readonly modelId: string;
  readonly #setup: ChatModelSetup;
  readonly #tools: readonly Tool[];

  constructor(setup: ChatModelSetup, tools: readonly Tool[] = []) {
    this.modelId = setup.request.model;
    this.#setup = setup;
    this.#tools = tools;
  }

  withTools(tools: Tool[]): ChatModel {
    return new OllamaChatModel(this.#setup, [...this.#tools, ...tools]);
  }

  async generate(messages: Message[], config: ChatModelConfig = {}): Promise<GenerateResult> {
    const answers = this.#send(messages, config);
    let answer: Chunk<ChatResponse> | undefined;
    try {
      // Not `result`, which rejects an answer that does not match the format: the agent decides that, as with `stream`.
      for await (const chunk of answers) answer = chunk.done ? answers.partial : undefined;
    } catch (error) {
      throw this.#setup.failure(error);
    }
    if (answer === undefined) throw new Error('unreachable: a stream without a last chunk throws');
    const { content: written, tool_calls: calls = [] } = answer.message;
    const split = this.#setup.isStripped ? splitThinking(written) : { text: written, thinking: '' };
    const text = this.#jsonIn(split.text);
    const thinking = answer.message.thinking || split.thinking;
    this.#tell(answer, text, thinking);
    const content: MessageContent[] = [
      ...(thinking ? [{ type: 'reasoning' as const, text: thinking }] : []),
      { type: 'text', text },
      ...calls.map(
        (call): MessageContent => ({
          type: 'tool-call',
          toolCallId: idOf(call),
          toolName: call.function.name,
          input: JSON.stringify(call.function.arguments),
        }),
      ),
    ];
    return {
      finishReason: reasonOf(answer, calls.length > 0),
      usage: tokenUsageOf(answer),
      message: { role: 'assistant', content },
    };
  }

  async *stream(messages: Message[], config: ChatModelConfig = {}): AsyncIterable<StreamChunk> {
    const tags = this.#setup.isStripped ? new ThinkingTags() : undefined;
    // JSON is sent once it is complete: the text around it is removed.
    const isHeld = this.#setup.request.format !== undefined;
    const written = { text: '', thinking: '' };
    const pass = function* ({ text, thinking }: SplitText): Generator<StreamChunk> {
      written.text += text;
      written.thinking += thinking;
      yield* deltas({ text: isHeld ? '' : text, thinking });
    };
    try {
      const answers = this.#send(messages, config);
      for await (const chunk of answers) {
        const { content, thinking = '', tool_calls: calls = [] } = chunk.message;
        yield* pass({ text: '', thinking });
        if (content) yield* pass(tags ? tags.add(content) : { text: content, thinking: '' });
        if (chunk.done && tags) yield* pass(tags.end());
        for (const call of calls) yield callChunk(call);
        if (!chunk.done) continue;
        if (isHeld) yield* deltas({ text: this.#jsonIn(written.text), thinking: '' });
        const answer = answers.partial ?? chunk;
        this.#tell(answer, written.text, written.thinking);
        const hasCalls = (answer.message.tool_calls ?? []).length > 0;
        yield { type: 'finish', finishReason: reasonOf(chunk, hasCalls), usage: tokenUsageOf(chunk) };
      }
    } catch (error) {
      throw this.#setup.failure(error);
    }
  }

  /** The JSON of a text, if it was requested and there is any: agents treat a text as the value itself. */
  #jsonIn(text: string): string {
    const { format } = this.#setup.request;
    const json = format === undefined ? undefined : readJson(text, format);
    if (json === undefined || !('value' in json) || !json.isTakenOut) return text;
    this.#setup.hint(takenOut);
    return JSON.stringify(json.value);
  }

  /** Shows what the server did not report, and that an answer has no text. */
  #tell({ message, notices = [] }: Chunk<ChatResponse>, text: string, thinking: string): void {
    for (const notice of notices) this.#setup.hint({ message: noticeText(notice) });
    const hasCalls = (message.tool_calls ?? []).length > 0;
    const emptiness = emptinessOf({ text, thinking, hasCalls, notices });
    if (emptiness) this.#setup.hint(emptiness);
  }

  #send(messages: Message[], config: ChatModelConfig) {
    const { ollama, timeouts, cancel } = this.#setup;
    const signals = [cancel, config.signal].filter((signal) => signal !== undefined);
    return ollama.chatStream(this.#request(messages, config), { signal: AbortSignal.any(signals), timeouts });
  }

  #request(messages: Message[], { stop }: ChatModelConfig): ChatRequest {
    const { request, parametersOf } = this.#setup;
    const tools = this.#tools.filter(({ type }) => type === 'function');
    const stops = [...(request.options?.stop ?? []), ...(stop ?? [])];
    return {
      ...request,
      messages: ollamaMessages(messages),
      ...(stops.length > 0 && { options: { ...request.options, stop: stops } }),
      ...(tools.length > 0 && {
        tools: tools.map((tool) => ({
          type: 'function',
          function: {
            name: tool.name,
            description: tool.description,
            parameters: parametersOf(tool) as Record<string, unknown>,
          },
        })),
      }),
    };
  }
}

function* deltas({ text, thinking }: SplitText): Generator<StreamChunk> {
  if (thinking) yield { type: 'reasoning-delta', delta: thinking };
  if (text) yield { type: 'text-delta', delta: text };
}

/** A complete call, as Ollama sends it. */
const callChunk = (call: ToolCall): StreamChunk => ({
  type: 'tool-call-delta',
  id: idOf(call),
  name: call.function.name,
  argumentsDelta: JSON.stringify(call.function.arguments),
});

/** Each call needs its own id, or LangChain merges two calls into one. */
const idOf = ({ id }: ToolCall) => id ?? `call_${crypto.randomUUID()}`;

function reasonOf({ done_reason: reason }: ChatResponse, hasCalls: boolean): FinishReason {
  if (hasCalls) return 'tool-calls';
  return reason === 'stop' || reason === 'length' ? reason : 'other';
}

function tokenUsageOf({
  prompt_eval_count: promptTokens = 0,
  eval_count: completionTokens = 0,
}: ChatResponse): TokenUsage {
  return { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens };
}
