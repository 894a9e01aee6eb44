import { type Dialect, list, type Said, textOf } from './asked.ts';

/** OpenAI's Chat Completions API, which most hosts support. */
export const openaiChat: Dialect = {
  matches: (path) => path.endsWith('/chat/completions'),
  streams: (_, body) => body['stream'] === true,
  read(body) {
    const messages = list(body['messages']);
    const last = messages.findLastIndex(({ role }) => role === 'user');
    return {
      tools: list(body['tools']).map((tool) => String((tool['function'] as { name?: string } | undefined)?.name)),
      prompt: textOf(messages[last]?.['content']),
      called: messages
        .slice(last + 1)
        .flatMap((said) => list(said['tool_calls']))
        .map((call) => String((call['function'] as { name?: string } | undefined)?.name)),
      toolResults: messages
        .slice(last + 1)
        .filter(({ role }) => role === 'tool')
        .map(({ content }) => content),
    };
  },
  whole: (said) => ({
    ...head('chat.completion', said),
    choices: [
      { index: 0, message: { role: 'assistant', content: null, ...message(said) }, finish_reason: reason(said) },
    ],
    usage,
  }),
  events: (said) => [
    ...[{ role: 'assistant', ...message(said) }, {}].map((delta, index) => ({
      data: {
        ...head('chat.completion.chunk', said),
        choices: [{ index: 0, delta, finish_reason: index === 1 ? reason(said) : null }],
      },
    })),
    { data: { ...head('chat.completion.chunk', said), choices: [], usage } },
    { data: '[DONE]' },
  ],
};

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

const head = (object: string, { id }: Said) => ({
  id: `chatcmpl-${id}`,
  object,
  created: 1_700_000_000,
  model: 'scripted',
});

const reason = (said: Said) => ('tool' in said ? 'tool_calls' : 'stop');

const message = (said: Said) =>
  'text' in said
    ? { content: said.text }
    : {
        tool_calls: [
          {
            index: 0,
            id: said.id,
            type: 'function',
            function: { name: said.tool, arguments: JSON.stringify(said.arguments) },
          },
        ],
      };
