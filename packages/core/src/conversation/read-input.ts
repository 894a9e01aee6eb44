import { OllamaError } from '../errors/errors.ts';
import { readInput } from '../errors/unexpected.ts';
import { checkRequest } from '../http/check-request.ts';
import { checkOptions, checkOwnNames, type KindsOf } from '../http/known-options.ts';
import type { Message } from '../schemas/interfaces.ts';
import type { Format } from '../schemas/values.ts';
import { wireMessage } from '../wire/request-body.ts';
import { isObject } from '../wire/shape-check.ts';
import { copyOf } from './deep-copy.ts';
import type { ConversationInput, ConversationOptions } from './options.ts';
import { checkedTools } from './tools.ts';

/** Options that are not fields of a chat request. */
const ownOptions = {
  system: 'text',
  messages: 'anything',
  tools: 'anything',
  maxRounds: 'number',
  maxTokens: 'number',
} as const satisfies Partial<KindsOf<ConversationOptions>>;

/**
 * The new messages, copied so the caller can no longer change them.
 *
 * @throws OllamaError `bad_request`
 */
export function messagesOf(input: ConversationInput): Message[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  return readInput('The message', () => copyOfMessages(Array.isArray(input) ? input : [input]));
}

/**
 * The options of a conversation, checked: in plain JavaScript they may be anything.
 *
 * @throws OllamaError `bad_request`
 */
export function readConversation<F extends Format>(options: ConversationOptions<F>) {
  return readInput('The options of conversation', () => {
    const { system, messages, tools, maxRounds, maxTokens, ...request } = options ?? {};
    checkOptions({ system, maxRounds, maxTokens }, ownOptions, 'conversation');
    checkOwnNames(request, ownOptions, 'conversation');
    checkRequest(request);
    const { options: settings } = request;
    return {
      ...request,
      // Later changes by the caller must not change how much fits.
      ...(isObject(settings) && { options: { ...settings } }),
      system: system ?? undefined,
      messages: copyOfMessages(messages ?? []),
      tools: checkedTools(tools ?? []),
      maxRounds: maxRounds ?? undefined,
      maxTokens: maxTokens ?? undefined,
    };
  });
}

function copyOfMessages(messages: unknown): Message[] {
  if (!Array.isArray(messages)) throw notMessages('messages is not a list.');
  const wrong = messages.findIndex((message) => typeof message !== 'object' || message === null);
  if (wrong >= 0) throw notMessages(`Message ${wrong + 1} is not an object.`);
  // Bytes would not survive a history that is stored as JSON.
  return copyOf((messages as Message[]).map(wireMessage));
}

const notMessages = (what: string) =>
  new OllamaError(what, {
    code: 'bad_request',
    hint: 'Pass a list of messages, such as [{ role: "user", content: "Hello" }].',
    field: 'messages',
  });
