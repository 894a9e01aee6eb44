/** Go's view of the request bodies: the allowed values of each field, and the name of its type in an error. */
export type Kind =
  | { is: 'string' | 'bool' | 'int' | 'float' | 'any' | 'map' | 'keep_alive' | 'think' | 'bytes' | 'arguments' }
  | { is: 'list'; go: string; of: Kind }
  | { is: 'strings' }
  | { is: 'struct'; go: string; fields: Fields };
export type Fields = Readonly<Record<string, Kind>>;

const string: Kind = { is: 'string' };
const bool: Kind = { is: 'bool' };
const int: Kind = { is: 'int' };
const any: Kind = { is: 'any' };
const map: Kind = { is: 'map' };
const keepAlive: Kind = { is: 'keep_alive' };
const images: Kind = { is: 'list', go: '[]api.ImageData', of: { is: 'bytes' } };
const stringMap: Kind = { is: 'strings' };
const struct = (go: string, fields: Fields): Kind => ({ is: 'struct', go, fields });
const list = (go: string, of: Kind): Kind => ({ is: 'list', go, of });

const toolCall = struct('api.ToolCall', {
  id: string,
  function: struct('api.ToolCallFunction', { index: int, name: string, arguments: { is: 'arguments' } }),
});
const message = struct('api.Message', {
  role: string,
  content: string,
  thinking: string,
  images,
  tool_calls: list('[]api.ToolCall', toolCall),
  tool_name: string,
  tool_call_id: string,
});
const tool = struct('api.Tool', {
  type: string,
  items: any,
  function: struct('api.ToolFunction', {
    name: string,
    description: string,
    parameters: struct('api.ToolFunctionParameters', {
      type: string,
      $defs: any,
      items: any,
      required: list('[]string', string),
      properties: any,
    }),
  }),
});
const messages = list('[]api.Message', message);
const base = { model: string, stream: bool };
const named = { ...base, name: string, insecure: bool };
const run = {
  ...base,
  format: any,
  keep_alive: keepAlive,
  options: map,
  think: { is: 'think' },
  truncate: bool,
  shift: bool,
  logprobs: bool,
  top_logprobs: int,
} as const satisfies Fields;

export const requestTypes = {
  GenerateRequest: {
    ...run,
    prompt: string,
    suffix: string,
    system: string,
    template: string,
    context: list('[]int', int),
    raw: bool,
    images,
  },
  ChatRequest: { ...run, messages, tools: list('api.Tools', tool) },
  EmbedRequest: { ...base, input: any, keep_alive: keepAlive, truncate: bool, dimensions: int, options: map },
  EmbeddingRequest: { ...base, prompt: string, keep_alive: keepAlive, options: map },
  ShowRequest: { ...named, system: string, template: string, verbose: bool, options: map },
  CreateRequest: {
    ...named,
    quantize: string,
    quantization: string,
    from: string,
    files: stringMap,
    adapters: stringMap,
    template: string,
    license: any,
    system: string,
    parameters: map,
    messages,
    renderer: string,
    parser: string,
    info: map,
  },
  PullRequest: named,
  PushRequest: named,
  DeleteRequest: named,
  CopyRequest: { source: string, destination: string },
  WebRequest: { query: string, max_results: int, url: string },
} as const satisfies Record<string, Fields>;
export type RequestType = keyof typeof requestTypes;
