import type { CallOptions } from '../options.ts';
import type { ChatRequest, Message } from '../schemas/interfaces.ts';
import type { Format } from '../schemas/values.ts';
import type { Formatted } from '../wire/answer-types.ts';
import type { ConversationTool, PlainTool } from './tools.ts';

/** Everything of a chat request that stays the same from turn to turn. */
type Settings<F> = Omit<Formatted<ChatRequest, F>, 'messages' | 'tools' | 'stream' | 'truncate'>;

/** The options of a conversation: these, and any field of a chat request. */
export interface ConversationOptions<
  F extends Format = never,
  Parameters extends readonly unknown[] = readonly unknown[],
> extends Settings<F> {
  /** The system prompt. It survives `reset` and trimming, and replaces a system message at the start of `messages`. */
  system?: string | undefined;
  /** The earlier history, for example `messages` of another conversation. */
  messages?: readonly Message[] | undefined;
  /** Tools with a handler, which the conversation runs itself, and plain definitions, whose calls you answer. */
  tools?: { [Index in keyof Parameters]: ConversationTool<Parameters[Index]> | PlainTool } | undefined;
  /** Most requests per turn; each but the last is followed by a round of tool calls. @default 10 */
  maxRounds?: number | undefined;
  /**
   * Most tokens of a prompt, if you want fewer than the context allows: the history is cut to it.
   * @default what the context leaves in addition to the answer
   */
  maxTokens?: number | undefined;
}

/** A text, a message (with images, or the result of a tool), or several messages that belong together. */
export type ConversationInput = string | Message | readonly Message[];

/** How one turn differs from the others, and the options of its calls; deadlines apply to each request of the turn. */
export interface SendOptions<F extends Format = never> extends CallOptions {
  /** Another model for this turn. */
  model?: string | undefined;
  /** "json", a JSON Schema, or a schema such as zod's, for this turn. */
  format?: F | undefined;
  /** Whether, or how much, a thinking model thinks in this turn. */
  think?: ChatRequest['think'];
  /** How long the model stays loaded after this turn: "10m", a number of seconds, -1 forever, 0 to unload. */
  keep_alive?: ChatRequest['keep_alive'];
  /** Added to the conversation's options; a different `num_ctx` makes the server load the model again. */
  options?: ChatRequest['options'];
}
