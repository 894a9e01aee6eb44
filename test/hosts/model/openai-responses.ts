import { type Dialect, list, type ModelOutput, textOf } from './dialect.ts';

/** OpenAI's Responses API, which Codex and the Agents SDK use. */
export const openaiResponses: Dialect = {
  matches: (path) => path.endsWith('/responses'),
  streams: (_, body) => body['stream'] === true,
  read(body) {
    const input = typeof body['input'] === 'string' ? [{ role: 'user', content: body['input'] }] : list(body['input']);
    const last = input.findLastIndex(({ role }) => role === 'user');
    return {
      tools: list(body['tools']).flatMap(names),
      prompt: textOf(input[last]?.['content']),
      called: input
        .slice(last + 1)
        .filter(({ type }) => type === 'function_call' || type === 'tool_search_call')
        .map(({ name, type }) => String(name ?? type)),
      toolResults: input
        .slice(last + 1)
        .filter(({ type }) => type === 'function_call_output')
        .map(({ output }) => output),
    };
  },
  whole: (output) => ({ ...head(output), status: 'completed', output: [item(output)] }),
  events(output) {
    const done = item(output);
    const events = [
      { type: 'response.created', response: { ...head(output), status: 'in_progress', output: [] } },
      { type: 'response.output_item.added', output_index: 0, item: { ...done, status: 'in_progress' } },
      ...('text' in output
        ? [
            {
              type: 'response.output_text.delta',
              item_id: done.id,
              output_index: 0,
              content_index: 0,
              delta: output.text,
            },
          ]
        : []),
      { type: 'response.output_item.done', output_index: 0, item: done },
      { type: 'response.completed', response: { ...head(output), status: 'completed', output: [done] } },
    ];
    return events.map((data, index) => ({ event: data.type, data: { ...data, sequence_number: index } }));
  },
};

/** The tools of a namespace are nested in it. A call uses both names. */
const names = (tool: Record<string, unknown>): string[] =>
  tool['type'] === 'namespace'
    ? list(tool['tools']).map(({ name }) => `${tool['name']}/${name}`)
    : [String(tool['name'])];

const head = ({ id }: ModelOutput) => ({
  id: `resp_${id}`,
  object: 'response',
  created_at: 1_700_000_000,
  model: 'scripted',
  parallel_tool_calls: false,
  tool_choice: 'auto',
  tools: [],
  usage: {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 15,
  },
});

function item(output: ModelOutput) {
  if ('text' in output) {
    const content = [{ type: 'output_text', text: output.text, annotations: [] }];
    return { id: `msg_${output.id}`, type: 'message', role: 'assistant', status: 'completed', content };
  }
  const [name, namespace] = output.tool.split('/').reverse();
  const call = { name, ...(namespace !== undefined && { namespace }), arguments: JSON.stringify(output.arguments) };
  return { id: `fc_${output.id}`, type: 'function_call', call_id: output.id, status: 'completed', ...call };
}
