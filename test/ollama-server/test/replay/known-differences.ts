import type { OllamaVersion } from '../../src/index.ts';

type Engine = 'llama' | 'scripted';

/** One replayed exchange; the name of the recording starts with its folder, except for the plain ones. */
interface Replayed {
  engine: Engine;
  version: OllamaVersion;
  name: string;
}

interface KnownDifference {
  /** Both engines, unless one is named. */
  engine?: Engine;
  /** Both versions, unless one is named. */
  version?: OllamaVersion;
  recordings: readonly string[];
  /** The differing paths: complete, or their beginning. */
  paths: readonly string[];
  /** Set if it depends on the processor or on luck, so equal responses do not fail the test. */
  mayAgree?: boolean;
  reason: string;
}

const words = ['body.0.response', 'body.0.message.content', 'body.0.context', 'body.0.eval_count', 'body.0.logprobs'];
const greetings = 'The model likes two greetings nearly alike: the order in which an engine sums decides between them.';
const twoGreetings = [
  ...['generate-raw', 'generate-template', 'generate-option-unknown', 'generate-unknown-field'],
  ...['generate-num-predict-0', 'generate-logprobs', 'special/generate-tools-ignored'],
  ...['special/generate-after-runner-died', 'more/option-num_predict_minus2', 'more/option-num_ctx_fraction'],
  ...['more/option-num_ctx_huge', 'more/format-empty', 'more/format-null', 'more/tools-empty'],
  ...['more/tools-no-parameters', 'more/tools-odd-schema'],
];
const withTools = [
  ...['chat-tools', 'chat-tools-stream', 'chat-tool-result', 'chat-tools-unused-whole', 'chat-tools-parallel'],
  ...['chat-tools-parallel-stream', 'chat-tools-parallel-result', 'chat-tool-error', 'chat-tools-other'],
  ...['chat-tools-not-offered', 'chat-tools-not-offered-whole', 'chat-think-tools-stream'],
  ...['more/tools-no-parameters', 'more/tools-odd-schema'],
];

/** Where the stand-in responds differently from the recorded server. An entry that no longer applies fails the test. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    engine: 'llama',
    recordings: ['create-from-missing'],
    paths: ['body.1.error'],
    reason: 'It was recorded without a network; the stand-in says what the registry says of a model it does not have.',
  },
  {
    recordings: ['v1-embeddings-base64'],
    paths: ['status', 'headers.content-type', 'body'],
    reason: 'The OpenAI-compatible routes are outside of this project.',
  },
  {
    version: '0.33',
    recordings: ['more/ps-embed', 'more/tags-after'],
    paths: ['body.0.models'],
    reason: 'A further model was on the server, from what was tried before the recording.',
  },
  {
    engine: 'llama',
    recordings: ['more/options-null', 'more/option-temperature_null'],
    paths: words,
    mayAgree: true,
    reason: 'Without temperature 0 and a seed an answer is another each time; with a seed, another in each engine.',
  },
  {
    engine: 'llama',
    version: '0.33',
    recordings: ['more/format-enum', 'more/format-pattern'],
    paths: words,
    mayAgree: true,
    reason: 'The grammars of newer versions of llama.cpp allow no white space behind the value.',
  },
  { engine: 'llama', version: '0.24', recordings: twoGreetings, paths: words, mayAgree: true, reason: greetings },
  {
    engine: 'llama',
    version: '0.24',
    recordings: ['generate-logprobs-stream', 'chat-tools-unused'],
    paths: ['body'],
    mayAgree: true,
    reason: greetings,
  },
  {
    engine: 'llama',
    version: '0.24',
    recordings: ['generate-long-default', 'more/option-num_ctx_zero', 'more/option-num_ctx_minus'],
    paths: ['body.0.response', 'body.0.context'],
    mayAgree: true,
    reason: 'If its context is full, 0.24 forgets the beginning while it answers; the stand-in takes more memory.',
  },
  {
    engine: 'llama',
    version: '0.24',
    recordings: ['chat-think-schema'],
    paths: ['body.10.message.content', 'body.11.message.content'],
    mayAgree: true,
    reason: 'All digits are alike to the model: the order in which an engine sums decides between them.',
  },
  {
    engine: 'llama',
    version: '0.24',
    recordings: withTools,
    paths: [
      'body.0.prompt_eval_count',
      'body.1.prompt_eval_count',
      'body.2.prompt_eval_count',
      'body.15.prompt_eval_count',
    ],
    mayAgree: true,
    reason: '0.24 writes tools with a few tokens more; the stand-in writes them as 0.33 does.',
  },
  {
    engine: 'llama',
    version: '0.24',
    recordings: ['create-quantize'],
    paths: ['body'],
    reason: '0.24 tells its progress after each tensor; the stand-in, which only pretends, in four steps.',
  },
  {
    engine: 'scripted',
    recordings: [
      ...['create-from-files', 'create-embed', 'create-thinking', 'create-from-system', 'create-not-gguf'],
      ...['create-quantize', 'create-from-missing'],
    ],
    paths: ['body'],
    mayAgree: true,
    reason: 'The scripted engine has no layers to tell of, and a registry that has every model.',
  },
  {
    engine: 'scripted',
    recordings: ['generate-think-stream', 'chat-think-schema'],
    paths: ['body'],
    reason: 'A script has no lines without text, which stand in generate for the tags around the thoughts.',
  },
  {
    engine: 'scripted',
    version: '0.33',
    recordings: ['generate-long-no-truncate', 'chat-long-no-truncate'],
    paths: ['body.0.error'],
    reason: 'The scripted engine counts words, not tokens.',
  },
  {
    engine: 'scripted',
    recordings: ['ps-two-loaded'],
    paths: ['body.0.models'],
    reason: 'The server has one runner for all models of a file; the scripted engine counts each model as loaded.',
  },
  {
    engine: 'scripted',
    recordings: ['web-search', 'me'],
    paths: ['status', 'body.0'],
    reason: 'It was recorded without an account and a network; the scripted engine has both.',
  },
  {
    engine: 'scripted',
    version: '0.33',
    recordings: ['more/context-out-of-range'],
    paths: ['status', 'body.0'],
    reason: 'The scripted engine has no tokens.',
  },
];

/** The unknown differences, and the known ones that are missing. */
export function unexpected(found: readonly string[], { engine, version, name }: Replayed): string[] {
  const known = knownDifferences
    .filter((one) => one.recordings.includes(name))
    .filter((one) => (one.engine ?? engine) === engine && (one.version ?? version) === version)
    .flatMap(({ paths, mayAgree = false }) => paths.map((path) => ({ path, mayAgree })));
  const isThere = (path: string) => found.some((difference) => difference.startsWith(path));
  return [
    ...found.filter((difference) => !known.some(({ path }) => difference.startsWith(path))),
    ...known
      .filter(({ path, mayAgree }) => !mayAgree && !isThere(path))
      .map(({ path }) => `${path}: listed as known, but it no longer differs`),
  ];
}
