import { modelOptions } from './model-options.ts';
import { boolean, integer, number, type Option, type OptionUser, string, type Words } from './option-builders.ts';

const text: readonly OptionUser[] = ['chat', 'generate'];
const all: readonly OptionUser[] = ['chat', 'generate', 'embed'];
const subNodes: readonly OptionUser[] = ['agent', 'vectors'];
const transfers: readonly OptionUser[] = ['transfer', 'create'];

const body = (users: readonly OptionUser[], property: Option['property']): Option => ({
  place: 'body',
  users,
  property,
});

/** Fields of the request itself. Inside `options`, Ollama would ignore them. */
const requestOptions: Record<string, Option> = {
  keep_alive: {
    ...body(
      [...all, ...subNodes, 'load'],
      string(
        'Keep Alive',
        '5m',
        'How long the model stays loaded: 10m, 24h, a number of seconds, -1 forever, 0 to unload at once',
      ),
    ),
    hasNoSpaces: true,
  },
  think: body([...text, 'agent'], {
    displayName: 'Thinking',
    type: 'options',
    options: [
      { name: 'High', value: 'high' },
      { name: 'Low', value: 'low' },
      { name: 'Max', value: 'max' },
      { name: 'Medium', value: 'medium' },
      { name: 'Off', value: false },
      { name: 'On', value: true },
    ],
    default: true,
    description: 'Whether, or how much, a thinking model thinks before it answers. Not every model supports levels.',
  }),
  suffix: body(['generate'], string('Suffix', '', 'Text after the gap to fill, for models that can insert text')),
  template: body(['generate', 'create'], string('Template', '', "Prompt template; overrides the model's own")),
  raw: body(['generate'], boolean('Raw', true, 'Whether to send the prompt as it is, without the template')),
  dimensions: body(['embed', 'vectors'], integer('Dimensions', 256, 'Shorten the vectors to this length')),
  truncate: body(
    [...all, ...subNodes],
    boolean('Truncate', false, 'Whether to truncate a text that does not fit the context, instead of rejecting it'),
  ),
  shift: body(
    [...text, 'agent'],
    boolean('Shift Context', false, 'Whether to drop the oldest tokens when the context fills up while answering'),
  ),
  logprobs: body(text, boolean('Log Probabilities', true, 'Whether to report the log probability of each token')),
  format: body(['agent'], {
    displayName: 'Answer Schema',
    type: 'json',
    default: '{ "type": "object", "properties": { "answer": { "type": "string" } } }',
    description: 'JSON Schema that every answer must follow; most models then call no tools',
  }),
  insecure: body(['transfer'], boolean('Insecure', true, 'Whether to allow a registry without TLS')),
  quantize: body(['create'], {
    ...string('Quantize', '', 'Type to quantize the model to'),
    placeholder: 'e.g. q4_K_M',
  }),
  license: body(['create'], string('License', '', 'Text of the license')),
  top_logprobs: body(
    text,
    integer('Top Log Probabilities', 5, 'How many of the most likely tokens to report at each position'),
  ),
};

const seconds = (...words: Words): Option => ({
  place: 'timeouts',
  users: [...all, ...subNodes, 'load', ...transfers],
  property: { ...number(...words), typeOptions: { minValue: 0 } },
});

const timeoutOptions = {
  firstByteMs: seconds(
    'First Response Timeout (Seconds)',
    0,
    'Longest wait for the first piece of the answer; 0 means no limit. Nothing arrives while the model loads.',
  ),
  idleMs: seconds('Idle Timeout (Seconds)', 600, 'Longest gap between two pieces of the answer; 0 means no limit'),
};

/** Options for the node, not for the server. */
const local = (users: readonly OptionUser[], property: Option['property']): Option => ({
  place: 'local',
  users,
  property,
});

const localOptions: Record<string, Option> = {
  batching: local(text, {
    displayName: 'Batching',
    type: 'fixedCollection',
    default: { values: {} },
    description: 'How many items to process at a time; the output keeps their order',
    options: [
      {
        displayName: 'Batching',
        name: 'values',
        values: [
          {
            ...integer(
              'Concurrency',
              4,
              "Maximum concurrent requests. Those above the server's OLLAMA_NUM_PARALLEL wait on the server.",
            ),
            name: 'concurrency',
            typeOptions: { minValue: 1, numberPrecision: 0 },
          },
          {
            ...number('Pause (Seconds)', 0, 'Time to wait between items'),
            name: 'pauseSeconds',
            typeOptions: { minValue: 0 },
          },
        ],
      },
    ],
  }),
  ask_again: local(text, {
    ...integer(
      'Ask Again',
      2,
      'How many more times to ask if the answer is not the requested JSON. The model is told what was wrong. Without this option: once.',
    ),
    typeOptions: { minValue: 0, numberPrecision: 0 },
  }),
  strip_thinking: local(
    [...text, 'agent'],
    boolean(
      'Strip Thinking',
      false,
      'Whether to move <think>…</think>, which some models write, from the text to "thinking". Without this option, it is moved.',
    ),
  ),
  output_messages: local(
    ['chat'],
    boolean(
      'Output Messages',
      true,
      'Whether to add the whole conversation, including the answer, as the field "messages". Another chat can use it as Messages (JSON).',
    ),
  ),
  max_rounds: local(['chat'], {
    ...integer('Max Tool Rounds', 10, 'Maximum requests for one answer. All but the last are rounds of tool calls.'),
    typeOptions: { minValue: 1, numberPrecision: 0 },
  }),
  list_output: local(['list'], {
    displayName: 'Output a List As',
    type: 'options',
    options: [
      { name: 'One Item for All', value: 'one', description: 'The vectors are a list in the field "embeddings"' },
      { name: 'One Item per Text', value: 'each', description: 'Each vector is in the field "embedding" of its item' },
    ],
    default: 'one',
    description: 'How to output a list of texts. Without this option: one item per text.',
  }),
  batchSize: local(['embed', 'vectors'], {
    ...integer(
      'Texts per Request',
      32,
      'Maximum texts per request. Use fewer if the server is slow, or behind a proxy with a short timeout.',
    ),
    typeOptions: { minValue: 1, numberPrecision: 0 },
  }),
  any_json: local(
    ['agent'],
    boolean('Answer as JSON', true, 'Whether every answer must be JSON; describe it in the prompt'),
  ),
  min_score: local(
    ['rank'],
    number('Minimum Score', 0.5, 'Omit items with a lower similarity than this; 1 means identical'),
  ),
  query_prefix: local(['vectors', 'rank'], {
    ...string('Query Prefix', '', 'Added before each search query; some models need it'),
    placeholder: 'e.g. search_query: ',
  }),
  document_prefix: local(['vectors', 'rank'], {
    ...string('Document Prefix', '', 'Added before each stored text; some models need it'),
    placeholder: 'e.g. search_document: ',
  }),
  stream: local(
    text,
    boolean(
      'Stream',
      true,
      'Whether to send the text piece by piece to a Webhook or Chat Trigger whose response mode is streaming',
    ),
  ),
  stream_progress: local(
    transfers,
    boolean(
      'Stream Progress',
      true,
      'Whether to send the progress to a Webhook or Chat Trigger whose response mode is streaming',
    ),
  ),
};

const json = (
  place: Option['place'],
  users: readonly OptionUser[],
  displayName: string,
  description: string,
): Option => ({
  place,
  users,
  property: { displayName, type: 'json', default: '{}', description },
});

/** For options of a later Ollama. */
const moreOptions: Record<string, Option> = {
  more_options: json(
    'more-options',
    [...all, ...subNodes, 'load'],
    'More Model Options',
    'JSON object of more model options, such as those of a newer Ollama; sent inside "options"',
  ),
  more_fields: json(
    'more-body',
    [...all, ...subNodes, 'load', ...transfers],
    'More Request Fields',
    'JSON object of more request fields, such as those of a newer Ollama; sent next to "options"',
  ),
};

/** Every entry of the Options collections, by its name in the core. */
export const options: Readonly<Record<string, Option>> = {
  ...modelOptions,
  ...requestOptions,
  ...timeoutOptions,
  ...localOptions,
  ...moreOptions,
};
