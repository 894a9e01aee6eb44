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
import type { ChatRequest, ChatResponse, Ollama, Timeouts, ToolCall } from '@ollama-toolbelt/core/neutral';
import { type SplitText, splitThinking, ThinkingTags } from '../shared/thinking-tags.ts';
import { ollamaMessages } from './ollama-messages.ts';

export interface ChatModelSetup {
  ollama: Ollama;
  /** What every call sends beside messages and tools. */
  request: Omit<ChatRequest, 'messages' | 'tools'>;
  timeouts: Timeouts;
  /** Whether `<think>…</think>` is taken out of the text. */
  isStripped: boolean;
  /** Aborts when the workflow is stopped. */
  cancel: AbortSignal | undefined;
  /** JSON Schema of the arguments of a tool. */
  parametersOf: (tool: Tool) => unknown;
  /** The error as a person reads it in n8n. */
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
    let answer: ChatResponse | undefined;
    try {
      // Not `result`, which refuses what is not in the format: an agent decides that, as it does with `stream`.
      for await (const chunk of answers) answer = chunk.done ? answers.partial : undefined;
    } catch (error) {
      throw this.#setup.failure(error);
    }
    if (answer === undefined) throw new Error('unreachable: a stream without a last chunk throws');
    const { content: said, tool_calls: calls = [] } = answer.message;
    const split = this.#setup.isStripped ? splitThinking(said) : { text: said, thinking: '' };
    const { text } = split;
    const thinking = answer.message.thinking || split.thinking;
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
    let hasCalls = false;
    const tags = this.#setup.isStripped ? new ThinkingTags() : undefined;
    try {
      for await (const chunk of this.#send(messages, config)) {
        const { content, thinking, tool_calls: calls = [] } = chunk.message;
        if (thinking) yield { type: 'reasoning-delta', delta: thinking };
        if (content) yield* deltas(tags ? tags.add(content) : { text: content, thinking: '' });
        if (chunk.done && tags) yield* deltas(tags.end());
        for (const call of calls) yield callChunk(call);
        hasCalls ||= calls.length > 0;
        if (chunk.done) yield { type: 'finish', finishReason: reasonOf(chunk, hasCalls), usage: tokenUsageOf(chunk) };
      }
    } catch (error) {
      throw this.#setup.failure(error);
    }
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
            ...(tool.description !== undefined && { description: tool.description }),
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

/** A whole call, as Ollama sends it. */
const callChunk = (call: ToolCall): StreamChunk => ({
  type: 'tool-call-delta',
  id: idOf(call),
  name: call.function.name,
  argumentsDelta: JSON.stringify(call.function.arguments),
});

/** Each call needs an id of its own, or LangChain takes two calls for one. */
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
