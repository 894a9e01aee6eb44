/**
 * The parts of n8n's SDK for AI nodes that are used here. The package itself installs about 400 MB of dependencies, and
 * at run time it is n8n's own copy in any case.
 */
declare module '@n8n/ai-node-sdk' {
  import type { ISupplyDataFunctions, SupplyData } from 'n8n-workflow';

  export type MessageContent =
    | { type: 'text'; text: string }
    | { type: 'reasoning'; text: string }
    | { type: 'file'; mediaType?: string; data: string | Uint8Array; providerMetadata?: Record<string, unknown> }
    | { type: 'tool-call'; toolCallId?: string; toolName: string; input: string }
    | { type: 'tool-result'; toolCallId: string; result: unknown; isError?: boolean };

  export interface Message {
    role: 'system' | 'user' | 'assistant' | 'tool';
    content: MessageContent[];
    name?: string;
  }

  export interface Tool {
    type: 'function' | 'provider';
    name: string;
    description?: string;
    inputSchema?: unknown;
  }

  export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'other';

  export interface TokenUsage {
    promptTokens: number;
    completionTokens: number;
    totalTokens: number;
  }

  export interface GenerateResult {
    finishReason: FinishReason;
    usage: TokenUsage;
    message: Message;
  }

  export type StreamChunk =
    | { type: 'text-delta'; delta: string }
    | { type: 'reasoning-delta'; delta: string }
    | { type: 'tool-call-delta'; id: string; name: string; argumentsDelta: string }
    | { type: 'finish'; finishReason: FinishReason; usage: TokenUsage };

  /** LangChain's, which calls the model: its names differ from those of the SDK. */
  export interface ChatModelConfig {
    signal?: AbortSignal;
    stop?: string[];
  }

  export interface ChatModel {
    provider: string;
    modelId: string;
    generate(messages: Message[], config?: ChatModelConfig): Promise<GenerateResult>;
    stream(messages: Message[], config?: ChatModelConfig): AsyncIterable<StreamChunk>;
    withTools(tools: Tool[]): ChatModel;
  }

  export function supplyModel(context: ISupplyDataFunctions, model: ChatModel): SupplyData;
  export function getParametersJsonSchema(tool: Tool): unknown;
}
