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
import type { ChatRequest, ChatResponse, Ollama, Timeouts, ToolCall } from '@ollama-toolbelt/core';
import { ollamaMessages } from './ollama-messages.ts';

export interface ChatModelSetup {
  ollama: Ollama;
  /** What every call sends beside messages and tools. */
  request: Omit<ChatRequest, 'messages' | 'tools'>;
  timeouts: Timeouts;
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
    let [text, reasoning] = ['', ''];
    const calls: MessageContent[] = [];
    for await (const chunk of this.stream(messages, config)) {
      if (chunk.type === 'text-delta') text += chunk.delta;
      else if (chunk.type === 'reasoning-delta') reasoning += chunk.delta;
      else if (chunk.type === 'tool-call-delta') {
        calls.push({ type: 'tool-call', toolCallId: chunk.id, toolName: chunk.name, input: chunk.argumentsDelta });
      } else {
        const content: MessageContent[] = [
          ...(reasoning === '' ? [] : [{ type: 'reasoning' as const, text: reasoning }]),
          { type: 'text', text },
          ...calls,
        ];
        return { finishReason: chunk.finishReason, usage: chunk.usage, message: { role: 'assistant', content } };
      }
    }
    throw new Error('unreachable: a stream without a last chunk throws');
  }

  async *stream(messages: Message[], config: ChatModelConfig = {}): AsyncIterable<StreamChunk> {
    const { ollama, timeouts, cancel, failure } = this.#setup;
    const signals = [cancel, config.signal].filter((signal) => signal !== undefined);
    const call = { signal: AbortSignal.any(signals), timeouts };
    let hasCalls = false;
    try {
      for await (const chunk of ollama.chatStream(this.#request(messages, config), call)) {
        const { content, thinking, tool_calls: calls = [] } = chunk.message;
        if (thinking) yield { type: 'reasoning-delta', delta: thinking };
        if (content) yield { type: 'text-delta', delta: content };
        for (const call of calls) yield callChunk(call);
        hasCalls ||= calls.length > 0;
        if (chunk.done) yield { type: 'finish', finishReason: reasonOf(chunk, hasCalls), usage: usageOf(chunk) };
      }
    } catch (error) {
      throw failure(error);
    }
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

/** A whole call, as Ollama sends it. Each needs an id of its own, or LangChain takes two calls for one. */
function callChunk({ id, function: { name, arguments: input } }: ToolCall): StreamChunk {
  return {
    type: 'tool-call-delta',
    id: id ?? `call_${crypto.randomUUID()}`,
    name,
    argumentsDelta: JSON.stringify(input),
  };
}

function reasonOf({ done_reason: reason }: ChatResponse, hasCalls: boolean): FinishReason {
  if (hasCalls) return 'tool-calls';
  return reason === 'stop' || reason === 'length' ? reason : 'other';
}

function usageOf({ prompt_eval_count: promptTokens = 0, eval_count: completionTokens = 0 }: ChatResponse): TokenUsage {
  return { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens };
}
