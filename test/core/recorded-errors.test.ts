import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOllama } from '@ollama-toolbelt/core/node';
import { raw, replyJson, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { streamingCalls, wholeCalls } from '../fixtures/core/calls.ts';
import { failureOf } from '../fixtures/core/failure.ts';

interface Recorded {
  file: string;
  request: { method: string; path: string };
  response: { status: number; headers: Record<string, string>; chunks?: { text: string }[] };
}

const folder = join(import.meta.dirname, '../ollama-server/transcripts');
const recordings: Recorded[] = globSync('*/**/*.json', { cwd: folder })
  .sort()
  .map((file) => ({ file, ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<Recorded, 'file'>) }));

const bodyOf = ({ response }: Recorded) => (response.chunks ?? []).map(({ text }) => text).join('');
const operations = [...streamingCalls, ...wholeCalls];
const operationOf = ({ request }: Recorded) =>
  operations.find(({ method, path }) => method === request.method && path === request.path);

/** Every recorded error response, except those for requests that this client never sends. */
const refusals = recordings.filter(
  (recorded) =>
    operationOf(recorded) &&
    (recorded.response.status >= 400 || /^\{"error":/m.test(bodyOf(recorded))) &&
    !/(bad-json|empty-body)\.json$/.test(recorded.file),
);

/** The code and the hint of each error. The names are those of recordings of either version. */
const expected: readonly (readonly [code: string, hint: RegExp | undefined, recordings: string])[] = [
  [
    'model_not_found',
    /^Pull it first: ollama pull /,
    'chat-missing-model copy-missing delete-legacy-name delete-missing embed-missing-model embeddings-legacy-missing generate-missing-model generate-missing-model-stream-false more/unload-unknown show-missing special/generate-on-cut-file special/generate-on-text-file',
  ],
  ['model_not_found', /^Name the model/, 'generate-no-model'],
  [
    'model_not_found',
    /^The registry has no such model/,
    'special/pull-missing-model special/pull-missing-model-not-streamed',
  ],
  ['bad_request', /^Name the model/, 'chat-no-model delete-empty push-no-model show-no-model'],
  [
    'bad_request',
    /^A model name consists of /,
    'copy-bad-destination copy-empty create-bad-name more/show-name-1000-characters more/show-name-200-characters more/show-name-digest more/show-name-dots more/show-name-emoji more/show-name-empty-tag pull-bad-name pull-no-model special/show-bad-name',
  ],
  [
    'context_exceeded',
    /num_ctx/,
    'chat-long-no-truncate embed-long-no-truncate generate-long-no-truncate 0.33.0-rc2/more/embed-one-empty',
  ],
  ['bad_request', /^Every text to embed/, '0.24.0/more/embed-one-empty'],
  ['bad_request', /^input takes a text or a list/, 'embed-bad-input more/embed-nested more/embed-number-list'],
  ['bad_request', /^messages takes a list of messages/, 'chat-messages-wrong-type'],
  ['bad_request', /^messages\.images takes a list/, 'more/message-image-string'],
  ['bad_request', /^The content of a message must be text/, 'more/message-content-list'],
  ['bad_request', /^options takes an object/, 'more/options-list more/options-string'],
  ['bad_request', /^prompt takes a text/, 'generate-wrong-type more/prompt-number'],
  ['bad_request', /^(raw|stream) takes true or false/, 'more/raw-string more/stream-string more/pull-stream-string'],
  ['bad_request', /^context takes a list of whole/, 'more/context-float more/context-odd'],
  ['bad_request', /^context has tokens/, 'more/context-out-of-range'],
  ['bad_request', /^model takes a text/, 'more/show-name-number'],
  ['bad_request', /^tools takes a list of tools/, 'more/tools-not-a-list'],
  ['bad_request', /^Give the arguments of a tool call/, 'chat-tool-arguments-string'],
  [
    'bad_request',
    /^options\.(temperature|num_ctx|num_predict|seed|top_k) takes a (whole )?number\.$/,
    'generate-option-type more/option-temperature more/option-temperature_list more/option-num_ctx more/option-num_predict more/option-seed more/option-top_k',
  ],
  ['bad_request', /^options\.stop takes a list of texts/, 'more/option-stop more/option-stop_numbers'],
  ['bad_request', /^options\.use_mmap takes true or false/, 'more/option-use_mmap'],
  [
    'bad_request',
    /^format takes "json"/,
    'generate-bad-format more/format-number more/format-true more/format-upper-case',
  ],
  ['bad_request', /^The server cannot use the schema/, 'more/format-bad-ref more/format-bad-type more/format-root-ref'],
  ['bad_request', /^The schema in format is too large/, '0.33.0-rc2/generate-schema-too-big'],
  ['server_error', /memory/, '0.24.0/generate-schema-too-big special/generate-runner-dies'],
  ['stream_error', /memory/, 'special/chat-runner-dies-streamed special/generate-runner-dies-streamed'],
  [
    'bad_request',
    /^Give each image as base64/,
    'generate-image-data-url generate-image-not-base64 more/message-image-path more/message-image-url',
  ],
  ['unsupported', /^Leave out the images/, 'chat-image-on-text-model generate-image-on-text-model'],
  [
    'unsupported',
    /^The model can only embed/,
    'chat-on-embedding-model chat-tools-unsupported generate-on-embedding-model more/embed-load-by-generate',
  ],
  ['unsupported', /^The model cannot embed/, 'embed-on-chat-model'],
  ['unsupported', /^Leave out think/, 'chat-think-unsupported generate-think-unsupported'],
  ['unsupported', /^Leave out suffix/, 'generate-suffix'],
  ['bad_request', /^think takes /, 'generate-think-bad more/think-1 more/think-auto more/think-object'],
  [
    'bad_request',
    /^keep_alive takes /,
    'generate-keep-alive-bad generate-keep-alive-bool generate-keep-alive-minus-one-string generate-keep-alive-numeric-string more/keep-alive-big-duration more/keep-alive-empty more/keep-alive-object more/keep-alive-spaces more/keep-alive-true',
  ],
  ['bad_request', /^Name an installed model in "from"/, 'create-legacy-modelfile create-nothing'],
  ['stream_error', /blobs\.upload/, 'create-bad-digest'],
  ['stream_error', /not a complete GGUF/, 'special/create-cut-file special/create-text-file'],
  ['stream_error', /cannot reach the registry/, 'create-from-missing pull-no-registry special/pull-cloud-model'],
  ['server_error', /cannot reach the registry/, 'pull-no-registry-not-streamed'],
  ['server_error', /cannot reach ollama\.com/, 'special/chat-cloud-without-key'],
  ['stream_error', /insecure: true/, 'special/pull-without-insecure special/push-without-insecure'],
  ['stream_error', /only an installed model can be pushed/, 'push-missing'],
  ['server_busy', /try again shortly/, 'special/generate-busy special/generate-busy-streamed'],
  ['forbidden', /OLLAMA_ORIGINS/, 'evil-host evil-origin'],
  // Their own message says everything.
  [
    'bad_request',
    undefined,
    'create-bad-template create-quantize-bad generate-raw-with-system generate-top-logprobs-bad more/logprobs-many',
  ],
];

const rowsOf = (file: string) =>
  expected.filter(([, , names]) =>
    names.split(' ').some((name) => file === `${name}.json` || file.split('/').slice(1).join('/') === `${name}.json`),
  );

test('every recorded error has one row, and every row a recording', () => {
  expect(refusals.filter(({ file }) => rowsOf(file).length !== 1).map(({ file }) => file)).toEqual([]);
  const used = new Set(refusals.flatMap(({ file }) => rowsOf(file)));
  expect(expected.filter((row) => !used.has(row))).toEqual([]);
});

test.each(refusals)('$file has its code and its hint', async (recorded) => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host, retry: false });
  // No model is similar to the one that is not found.
  server.always.on('GET /api/tags', replyJson({ models: [] }));
  const { status, headers } = recorded.response;
  const type = headers['content-type'];
  const operation = operationOf(recorded)!;
  server.on(
    `${operation.method} ${operation.path}` as Parameters<typeof server.on>[0],
    raw({ status, headers: type === undefined ? {} : { 'Content-Type': type }, body: [bodyOf(recorded)] }),
  );
  const error = await failureOf(operation.whole(ollama));
  const [code, hint] = rowsOf(recorded.file)[0]!;
  expect(error.code).toBe(code);
  if (hint === undefined) expect(error.hint).toBeUndefined();
  else expect(error.hint).toMatch(hint);
});
