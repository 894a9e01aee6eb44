import { type Dialect, list, type ModelOutput, textOf } from './dialect.ts';

/** Anthropic's Messages API, which Claude Code uses. */
export const anthropicMessages: Dialect = {
  matches: (path) => path.endsWith('/messages'),
  streams: (_, body) => body['stream'] === true,
  read(body) {
    const messages = list(body['messages']);
    // Claude Code adds text in more user messages, so the turn starts after the last answer.
    const answered = messages.findLastIndex(
      ({ role, content }) => role === 'assistant' && !list(content).some(({ type }) => type === 'tool_use'),
    );
    const turn = messages.slice(answered + 1);
    return {
      tools: list(body['tools']).map(({ name }) => String(name)),
      prompt: turn.map(({ role, content }) => (role === 'user' ? textOf(content) : '')).join('\n'),
      called: turn
        .flatMap(({ content }) => list(content))
        .filter(({ type }) => type === 'tool_use')
        .map(({ name }) => String(name)),
      toolResults: turn.flatMap(({ content }) => list(content).filter(isResult)),
    };
  },
  whole: (output) => ({ ...head(output), content: [block(output)], stop_reason: reason(output) }),
  events: (output) =>
    [
      { type: 'message_start', message: { ...head(output), content: [], stop_reason: null } },
      {
        type: 'content_block_start',
        index: 0,
        content_block: 'text' in output ? block({ ...output, text: '' }) : { ...block(output), input: {} },
      },
      { type: 'content_block_delta', index: 0, delta: delta(output) },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: reason(output), stop_sequence: null },
        usage: { output_tokens: 5 },
      },
      { type: 'message_stop' },
    ].map((data) => ({ event: data.type, data })),
};

const isResult = ({ type }: Record<string, unknown>) => type === 'tool_result';

const head = ({ id }: ModelOutput) => ({
  id: `msg_${id}`,
  type: 'message',
  role: 'assistant',
  model: 'scripted',
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 5 },
});

const reason = (output: ModelOutput) => ('tool' in output ? 'tool_use' : 'end_turn');

const block = (output: ModelOutput) =>
  'text' in output
    ? { type: 'text', text: output.text }
    : { type: 'tool_use', id: output.id, name: output.tool, input: output.arguments };

const delta = (output: ModelOutput) =>
  'text' in output
    ? { type: 'text_delta', text: output.text }
    : { type: 'input_json_delta', partial_json: JSON.stringify(output.arguments) };
