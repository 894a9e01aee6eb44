import { type Dialect, list, type ModelOutput, textOf } from './dialect.ts';

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
        .flatMap((output) => list(output['tool_calls']))
        .map((call) => String((call['function'] as { name?: string } | undefined)?.name)),
      toolResults: messages
        .slice(last + 1)
        .filter(({ role }) => role === 'tool')
        .map(({ content }) => content),
    };
  },
  whole: (output) => ({
    ...head('chat.completion', output),
    choices: [
      { index: 0, message: { role: 'assistant', content: null, ...message(output) }, finish_reason: reason(output) },
    ],
    usage,
  }),
  events: (output) => [
    ...[{ role: 'assistant', ...message(output) }, {}].map((delta, index) => ({
      data: {
        ...head('chat.completion.chunk', output),
        choices: [{ index: 0, delta, finish_reason: index === 1 ? reason(output) : null }],
      },
    })),
    { data: { ...head('chat.completion.chunk', output), choices: [], usage } },
    { data: '[DONE]' },
  ],
};

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

const head = (object: string, { id }: ModelOutput) => ({
  id: `chatcmpl-${id}`,
  object,
  created: 1_700_000_000,
  model: 'scripted',
});

const reason = (output: ModelOutput) => ('tool' in output ? 'tool_calls' : 'stop');

const message = (output: ModelOutput) =>
  'text' in output
    ? { content: output.text }
    : {
        tool_calls: [
          {
            index: 0,
            id: output.id,
            type: 'function',
            function: { name: output.tool, arguments: JSON.stringify(output.arguments) },
          },
        ],
      };
