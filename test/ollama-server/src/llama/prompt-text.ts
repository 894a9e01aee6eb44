import type { Message } from '../wire/bodies.ts';
import type { JsonObject } from '../wire/json.ts';
import type { GoTemplate } from './go-template.ts';

export interface PromptParts {
  messages: readonly Message[];
  tools?: readonly JsonObject[];
  think?: boolean | string | undefined;
}

/** The prompt of a conversation, in the form of the model's template. */
export function promptText(template: GoTemplate, { messages, tools = [], think }: PromptParts): string {
  const { system, collated } = collate(messages);
  const common = {
    Tools: tools,
    Think: think !== undefined && think !== false,
    ThinkLevel: typeof think === 'string' ? think : '',
    IsThinkSet: think !== undefined,
    Suffix: '',
  };
  if (template.fields.has('Messages')) {
    return template.render({ ...common, System: system, Messages: collated.map(templateMessage), Response: '' });
  }
  return rounds(collated)
    .map((round) => template.render({ ...common, Messages: [], ...round }))
    .join('');
}

/** Merges system messages, and consecutive messages of one role; tool results stay separate. */
function collate(messages: readonly Message[]): { system: string; collated: Message[] } {
  const collated: Message[] = [];
  for (const message of messages) {
    const last = collated.at(-1);
    if (last?.role !== message.role || message.role === 'tool') collated.push({ ...message });
    else if (message.content) last.content += `\n\n${message.content}`;
  }
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  return { system: system.join('\n\n'), collated };
}

/** For older templates, which have only one question and its answer. */
function rounds(messages: readonly Message[]): { System: string; Prompt: string; Response: string }[] {
  const list: { System: string; Prompt: string; Response: string }[] = [];
  let round = { System: '', Prompt: '', Response: '' };
  const next = () => {
    list.push(round);
    round = { System: '', Prompt: '', Response: '' };
  };
  for (const { role, content } of messages) {
    if (role === 'system') {
      if (round.Prompt !== '' || round.Response !== '') next();
      round.System = content;
    } else if (role === 'user') {
      if (round.Response !== '') next();
      round.Prompt = content;
    } else if (role === 'assistant') round.Response = content;
  }
  next();
  return list;
}

const templateMessage = (message: Message) => ({
  Role: message.role,
  Content: message.content,
  Thinking: message.thinking ?? '',
  Images: message.images ?? [],
  ToolName: message.tool_name ?? '',
  ToolCallID: message.tool_call_id ?? '',
  ToolCalls: (message.tool_calls ?? []).map((call, index) => ({
    ID: call.id ?? '',
    Function: { Index: call.function.index ?? index, Name: call.function.name, Arguments: call.function.arguments },
  })),
});
