import { expect, test } from 'vitest';
import { meaningOf } from './server-words.ts';

test.each<[text: string, code: string | undefined, hint: RegExp | undefined]>([
  ["model '' not found", 'model_not_found', /^Name the model/],
  ['model is required', undefined, /^Name the model/],
  ['model "x" not found', 'model_not_found', undefined],
  ["model 'x:1b' not found, try pulling it", 'model_not_found', undefined],
  ['the model "x" not found', undefined, undefined],
  ['pull model manifest: file does not exist', 'model_not_found', /^The registry has no such model/],
  ['open /root/.ollama/models/manifests/x: no such file or directory', undefined, /^The model is not installed/],
  [
    'open C:\\models\\blobs\\sha256-1: The system cannot find the file',
    undefined,
    /^The server does not have this file/,
  ],
  ['pull: Get "https://r.example/v2/": http: server gave HTTP response to HTTPS client', undefined, /insecure: true/],
  ['Post "https://ollama.com/api/chat": EOF', undefined, /^The Ollama server cannot reach ollama\.com/],
  ['Head "https://r.example/v2/": dial tcp: lookup', undefined, /^The Ollama server cannot reach the registry/],
  ['see Get "https://r.example/": dial tcp', undefined, undefined],
  ['exceed_context_size_error', 'context_exceeded', undefined],
  ['the prompt is longer than the context length', 'context_exceeded', undefined],
  ['no input provided', 'bad_request', /^Every text to embed/],
  ['invalid input type', undefined, /^input takes a text/],
  ['you have reached your weekly usage limit', 'quota_exceeded', undefined],
  ['invalid format: x', 'bad_request', /^format takes/],
  ['failed to parse grammar', 'bad_request', /too large or too deep/],
  ['invalid JSON schema in format', 'bad_request', /\$defs/],
  ['illegal base64 data at input byte 4', 'bad_request', /base64 text or as bytes/],
  [
    "Value looks like object, but can't find closing '}' symbol",
    'bad_request',
    /arguments of a tool call as an object/,
  ],
  ['time: invalid duration "x"', 'bad_request', /^keep_alive takes/],
  ['think must be a boolean', 'bad_request', /^think takes/],
  ['detokenize error', 'bad_request', /^context has tokens/],
  ['unsupported quantization type Q9', 'bad_request', undefined],
  ['file is not in GGUF format', undefined, /not a complete GGUF file/],
  ["neither 'from' or 'files' was specified", undefined, /^Name an installed model/],
  ['invalid model name', undefined, /^A model name consists of/],
  ['source "a b" is invalid', undefined, /^A model name consists of/],
  ['this model does not support multimodal requests', 'unsupported', /^Leave out the images/],
  ['"x" does not support chat', 'unsupported', /can only embed: use embed, or choose a model that can chat/],
  ['"x" does not support generate', 'unsupported', /that can generate/],
  ['x does not support thinking', 'unsupported', /^Leave out think/],
  ['x does not support tools', 'unsupported', /^Leave out tools/],
  ['x does not support insert', 'unsupported', /^Leave out suffix/],
  ['this model does not support embeddings', 'unsupported', /^The model cannot embed/],
  ['x does not support constructor', 'unsupported', undefined],
  ['raw mode does not support template', undefined, undefined],
  ['this model is no longer supported', 'unsupported', undefined],
  ['unauthorized', 'unauthorized', undefined],
  ['Server Busy, please try again', 'server_busy', undefined],
  ['account unavailable', 'server_error', /cannot reach ollama\.com/],
  ['model requires more system memory (8 GiB) than is available', undefined, /smaller options\.num_ctx/],
  ['anything else', undefined, undefined],
])('%s', (text, code, hint) => {
  const meaning = meaningOf(text);
  expect(meaning.code).toBe(code);
  if (hint === undefined) expect(meaning.hint).toBeUndefined();
  else expect(meaning.hint).toMatch(hint);
});

test.each([
  ['option "num_ctx" must be of type integer', 'options.num_ctx takes a whole number.', { option: 'num_ctx' }],
  ['option "stop" must be of type array', 'options.stop takes a list of texts.', { option: 'stop' }],
  ['option "temperature" must be of type float32', 'options.temperature takes a number.', { option: 'temperature' }],
  ['option "use_mmap" must be of type boolean', 'options.use_mmap takes true or false.', { option: 'use_mmap' }],
  ['option "x" must be of a kind', 'options.x takes a kind.', { option: 'x' }],
  [
    'json: cannot unmarshal number into Go struct field ChatRequest.messages of type []api.Message',
    'messages takes a list of messages.',
    { field: 'messages' },
  ],
  [
    'json: cannot unmarshal string into Go struct field GenerateRequest.images of type []api.ImageData',
    'images takes a list of images.',
    { field: 'images' },
  ],
  [
    'json: cannot unmarshal string into Go struct field ChatRequest.messages.tool_calls.function.arguments of type api.X',
    'Give the arguments of a tool call as an object, not as JSON text.',
    { field: 'messages.tool_calls.function.arguments' },
  ],
  [
    'json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string',
    'The content of a message must be text; put its images into "images", as a list.',
    { field: 'messages.content' },
  ],
  [
    'json: cannot unmarshal number 1.5 into Go struct field GenerateRequest.context of type int',
    'context takes a list of whole numbers from an earlier answer.',
    { field: 'context' },
  ],
  ['json: cannot unmarshal array into Go value of type map[string]x', 'The request takes an object.', {}],
  ['json: cannot unmarshal array into Go value of type api.Y', 'The request takes api.Y.', {}],
])('%s', (text, hint, details) => {
  expect(meaningOf(text)).toEqual({ code: 'bad_request', hint, details: { field: undefined, ...details } });
});

test('a missing capability of the model is reported', () => {
  expect(meaningOf('x does not support tools').details).toEqual({ capability: 'tools' });
  expect(meaningOf('x does not support multimodal').details).toEqual({ capability: 'vision' });
});

test("the code in OpenAI's form counts if the message says nothing", () => {
  expect(meaningOf('oops', { code: 'model_not_found' })).toEqual({ code: 'model_not_found' });
  expect(meaningOf('oops', { code: 'other' })).toEqual({});
  expect(meaningOf('unauthorized', { code: 'model_not_found' })).toEqual({ code: 'unauthorized' });
});
