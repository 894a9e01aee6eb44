import type { ErrorCode, ErrorDetails } from './errors.ts';

/** The meaning of a message, if it says more than the status. */
interface Meaning {
  code?: ErrorCode | undefined;
  /** What to do about it; otherwise the hint of the code applies. */
  hint?: string | undefined;
  details?: ErrorDetails | undefined;
}

type Rule = readonly [words: RegExp, meaning: Meaning | ((found: RegExpExecArray) => Meaning)];

/** The meaning of a server's message. `source` is the object that contained it. */
export function meaningOf(text: string, source: Record<string, unknown> = {}): Meaning {
  for (const [words, meaning] of rules) {
    const found = words.exec(text);
    if (found) return typeof meaning === 'function' ? meaning(found) : meaning;
  }
  // The error code in OpenAI's form, which gateways use too.
  return source['code'] === 'model_not_found' ? { code: 'model_not_found' } : {};
}

/** Common names for Go's types. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^an array of strings$|^\[\]string$/, 'a list of texts'],
  [/^\[\]api\.Message$/, 'a list of messages'],
  [/^\[\]api\.ImageData$/, 'a list of images'],
  [/Tools$/, 'a list of tools'],
  [/^u?int(\d+)?$|^integer$/, 'a whole number'],
  [/^float(32|64)$/, 'a number'],
  [/^bool(ean)?$/, 'true or false'],
  [/^string$/, 'a text'],
  [/^map\[|Arguments$/, 'an object'],
  [/^array$|^\[\]/, 'a list'],
];

const kindOf = (type: string) => kinds.find(([pattern]) => pattern.test(type))?.[1] ?? type;

const badRequest = (hint: string): Meaning => ({ code: 'bad_request', hint });
const unsupported = (capability: string, hint: string): Meaning => ({
  code: 'unsupported',
  hint,
  details: { capability },
});

const nameHint = 'Name the model in "model".';
const argumentsHint = 'Give the arguments of a tool call as an object, not as JSON text.';
const memoryHint =
  "Check the server's log. A model that does not fit into memory also fails like this: try a smaller one, or a smaller options.num_ctx.";
const uploadHint =
  'The file is not a complete GGUF file: create or download it again, and compare its size and checksum.';

function fieldHint(field: string, type: string): string {
  if (/arguments$/i.test(field)) return argumentsHint;
  if (field === 'messages.content')
    return 'The content of a message must be text; put its images into "images", as a list.';
  if (field === 'context') return 'context takes a list of whole numbers from an earlier answer.';
  return `${field || 'The request'} takes ${kindOf(type)}.`;
}

/** The missing capability, in Ollama's word for it. */
const lacks: Readonly<Record<string, string>> = {
  chat: 'The model can only embed: use embed, or choose a model that can chat.',
  generate: 'The model can only embed: use embed, or choose a model that can generate.',
  thinking: 'Leave out think, or choose a model that can think (capabilities in show).',
  tools: 'Leave out tools, or choose a model that can call tools (capabilities in show).',
  insert: 'Leave out suffix, or choose a model that can fill gaps, such as qwen2.5-coder.',
  embeddings: 'The model cannot embed: choose an embedding model, such as all-minilm or nomic-embed-text.',
};

/** Most specific first. */
const rules: readonly Rule[] = [
  [/^model ['"]{2} not found/, { code: 'model_not_found', hint: nameHint }],
  [/^model is required/, { hint: nameHint }],
  [/^model ['"].{1,300}['"] not found/, { code: 'model_not_found' }],
  [
    /^pull model manifest: file does not exist/,
    {
      code: 'model_not_found',
      hint: 'The registry has no such model: check its name and its tag at ollama.com/library.',
    },
  ],
  [
    /^open .{1,500}[/\\]manifests[/\\].{1,500}(no such file|cannot find)/,
    { hint: 'The model is not installed: only an installed model can be pushed. Installed models: ollama list.' },
  ],
  [
    /^open .{1,500}[/\\]blobs[/\\].{1,200}(no such file|cannot find)/,
    { hint: 'The server does not have this file: upload it first with blobs.upload, or name it in a Modelfile.' },
  ],
  ...network(),
  [
    /exceed_context_size|exceeds .{0,60}context (size|length)|longer than the context length/,
    { code: 'context_exceeded' },
  ],
  [/no input provided/, badRequest('Every text to embed needs at least one character.')],
  [/^invalid input type/, { hint: 'input takes a text or a list of texts.' }],
  [/reached your .{0,60}usage limit/, { code: 'quota_exceeded' }],
  [
    /^option "(\w{1,60})" must be of (?:type )?([\w ]{1,40})/,
    ([, option = '', type = '']) => ({
      ...badRequest(`options.${option} takes ${option === 'stop' ? 'a list of texts' : kindOf(type)}.`),
      details: { option },
    }),
  ],
  [/^invalid format: /, badRequest('format takes "json" or a JSON Schema.')],
  [
    /failed to parse grammar/,
    badRequest(
      'The schema in format is too large or too deep for the server: make it smaller, for example its minItems and maxItems.',
    ),
  ],
  [
    /invalid JSON schema in format|JSON schema conversion failed/,
    badRequest(
      'The server cannot use the schema in format: check its types, and make each $ref point to "#/$defs/…" in the same schema.',
    ),
  ],
  [
    /^illegal base64 data/,
    badRequest(
      'Give each image as base64 text or as bytes (Uint8Array). A path or an address is never read, so read the file first.',
    ),
  ],
  [/Value looks like object, but can't find closing/, badRequest(argumentsHint)],
  [
    /^json: cannot unmarshal .{1,40} into Go (?:struct field (\w{1,60})\.([\w.]{1,120})|value) of type ([^\s]{1,60})/,
    ([, , field = '', type = '']) => ({
      ...badRequest(fieldHint(field, type)),
      details: { field: field || undefined },
    }),
  ],
  [
    /^time: (?:invalid|missing|unknown)|^Unsupported type: /,
    badRequest('keep_alive takes a duration such as "10m", seconds as a number, -1 for forever, or 0 for not at all.'),
  ],
  [/^invalid think value|^think must be/, badRequest('think takes true, false, "low", "medium", "high" or "max".')],
  [
    /^detokenize error/,
    badRequest('context has tokens that this model does not know. It must come from an answer of the same model.'),
  ],
  [/^unsupported quantization type/, { code: 'bad_request' }],
  [/not in GGUF format|offset\+size .{0,60} exceeds file size/, { hint: uploadHint }],
  [
    /^neither 'from' or 'files' was specified/,
    {
      hint: 'Name an installed model in "from" or uploaded files in "files", or pass a Modelfile with a FROM in "modelfile".',
    },
  ],
  [
    /^invalid model name|^(?:source|destination) ".{0,300}" is invalid/,
    {
      hint: 'A model name consists of letters, digits, ".", "_" and "-", optionally with "namespace/" before it and ":tag" after it.',
    },
  ],
  [
    /does not support multimodal/,
    unsupported('vision', 'Leave out the images, or choose a model with vision (capabilities in show).'),
  ],
  // "raw mode does not support template, …" is about the request.
  [
    /^(?!raw mode).{0,300}does not support (\w{1,40})/,
    ([, capability = '']) => ({
      code: 'unsupported',
      hint: Object.hasOwn(lacks, capability) ? lacks[capability] : undefined,
      details: { capability },
    }),
  ],
  [/no longer supported|not currently supported/, { code: 'unsupported' }],
  [/^unauthorized/, { code: 'unauthorized' }],
  [/server busy|server overloaded/i, { code: 'server_busy' }],
  [/^account unavailable/, { code: 'server_error', hint: 'The server cannot reach ollama.com: check its network.' }],
  [/requires more system memory|out of memory/i, { hint: memoryHint, details: { reason: 'out_of_memory' } }],
  [/unexpectedly stopped|while running the model/i, { hint: memoryHint, details: { reason: 'crashed' } }],
];

/** The server could not reach another one: the registry, or ollama.com. */
function network(): Rule[] {
  const request = '^(?:.{1,60}: )?(?:Get|Head|Post|Put|Patch) "https?://';
  return [
    [
      new RegExp(`${request}.{1,500}server gave HTTP response to HTTPS client`),
      {
        hint: 'The registry uses plain http: send "insecure: true" if you trust it.',
        details: { reason: 'plain_http' },
      },
    ],
    [
      new RegExp(`${request}ollama\\.com`),
      {
        hint: 'The Ollama server cannot reach ollama.com: check its network, DNS and HTTPS_PROXY, or use a local model.',
      },
    ],
    [
      new RegExp(`${request}.{1,500}(?:dial tcp|no such host|connection re|timeout|deadline|tls:|x509:|EOF)`),
      {
        hint: "The Ollama server cannot reach the registry: check its network, DNS and HTTPS_PROXY, and the host in the model's name.",
      },
    ],
  ];
}
