import { type Dialect, list, type Said, textOf } from './asked.ts';

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
  whole: (said) => ({ ...head(said), status: 'completed', output: [item(said)] }),
  events(said) {
    const done = item(said);
    const events = [
      { type: 'response.created', response: { ...head(said), status: 'in_progress', output: [] } },
      { type: 'response.output_item.added', output_index: 0, item: { ...done, status: 'in_progress' } },
      ...('text' in said
        ? [
            {
              type: 'response.output_text.delta',
              item_id: done.id,
              output_index: 0,
              content_index: 0,
              delta: said.text,
            },
          ]
        : []),
      { type: 'response.output_item.done', output_index: 0, item: done },
      { type: 'response.completed', response: { ...head(said), status: 'completed', output: [done] } },
    ];
    return events.map((data, index) => ({ event: data.type, data: { ...data, sequence_number: index } }));
  },
};

/** The tools of a namespace are nested in it. A call uses both names. */
const names = (tool: Record<string, unknown>): string[] =>
  tool['type'] === 'namespace'
    ? list(tool['tools']).map(({ name }) => `${tool['name']}/${name}`)
    : [String(tool['name'])];

const head = ({ id }: Said) => ({
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

function item(said: Said) {
  if ('text' in said) {
    const content = [{ type: 'output_text', text: said.text, annotations: [] }];
    return { id: `msg_${said.id}`, type: 'message', role: 'assistant', status: 'completed', content };
  }
  const [name, namespace] = said.tool.split('/').reverse();
  const call = { name, ...(namespace !== undefined && { namespace }), arguments: JSON.stringify(said.arguments) };
  return { id: `fc_${said.id}`, type: 'function_call', call_id: said.id, status: 'completed', ...call };
}
