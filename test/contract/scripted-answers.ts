import {
  type AnswerScript,
  type AnyReply,
  type EmbedScript,
  failWith,
  type ProgressScript,
  type RecordedRequest,
  type ScriptedServer,
} from '@ollama-toolbelt/ollama-server';
import { pirate, weatherCall, words } from './pocket-answers.ts';

interface Body {
  model?: string;
  from?: string;
  files?: object;
  template?: string;
  quantize?: string;
  prompt?: string;
  system?: string;
  messages?: { role: string; content: string; images?: string[] }[];
  images?: string[];
  input?: string | string[];
  context?: number[];
  tools?: object[];
  format?: unknown;
  think?: boolean | string;
  truncate?: boolean;
  logprobs?: boolean;
  options?: { temperature?: unknown; num_ctx?: number; num_predict?: number; stop?: string[] };
}

type Reply<T> = T | AnyReply | undefined;

/** Longer than this is over the context of every model. */
const tooLong = 10_000;

/** The two versions whose answers are recorded; they differ in a few. */
type Version = '0.24' | '0.33';

/** Teaches the scripted engine what the pocket models say, and the errors that its fixed answers leave out. */
export function answerLikePocket(server: ScriptedServer, version: Version): void {
  const answer = (request: RecordedRequest) => inference(server, request.body as Body, version);
  server.always.chat(answer).generate(answer);
  server.always.embed(({ body }) => embedding(server, body as Body, version));
  server.always.create(({ body }) => creation(server, body as Body));
  server.always.pull(({ body }) => pulling(server, (body as Body).model ?? ''));
  server.always.push(({ body }) => pushing(server, (body as Body).model ?? ''));
}

function inference(server: ScriptedServer, body: Body, version: Version): Reply<AnswerScript> {
  const { options = {}, format, messages, prompt = '' } = body;
  // Bodies of the wrong form are the wire layer's affair.
  if (messages !== undefined && !Array.isArray(messages)) return undefined;
  const text = messages?.map(({ content }) => content).join('\n') ?? prompt;
  const model = server.models.find(({ name }) => name === body.model || name === `${body.model}:latest`);
  if (model === undefined || typeof text !== 'string' || !model.capabilities.includes('completion')) return undefined;
  if (typeof options.temperature === 'string') return wrongOption;
  if (typeof format === 'string' && format !== 'json') {
    return failWith(
      500,
      `invalid format: ${JSON.stringify(JSON.stringify(format))}; expected "json" or a valid JSON Schema object`,
    );
  }
  if (text.length > tooLong && body.truncate === false) return overContext[version];
  const images = messages?.flatMap((message) => message.images ?? []) ?? body.images ?? [];
  const areImages = images.every((image) => /^[\w+/=]+$/.test(image));
  if (version === '0.33' && images.length > 0 && areImages && !model.capabilities.includes('vision')) return cannotSee;
  const said = sayingOf(text, body, body.system ?? model.system);
  return said && spoken(said, body, model.capabilities.includes('thinking'));
}

/** What the pocket model says, where the contract asks it something that it knows. */
function sayingOf(text: string, body: Body, system: string | undefined): AnswerScript | undefined {
  const { sky, name, json, weather } = words;
  if (text.includes(weather.prompt)) {
    if (body.messages?.at(-1)?.role === 'tool') return { text: weather.answer };
    return body.tools && { toolCalls: [weatherCall.function] };
  }
  if (text.includes(json.prompt) && body.format !== undefined) return { text: JSON.stringify(json.value) };
  if (text.includes(name.prompt)) {
    return text.includes(name.told) || body.context ? { text: name.answer } : undefined;
  }
  if (text.includes(name.told)) return { text: name.reply };
  if (text.includes(sky.prompt)) {
    return { text: system === pirate || text.includes(pirate) ? sky.pirate : sky.answer };
  }
  return undefined;
}

/** The saying word by word, as the options shorten it. */
function spoken(script: AnswerScript, body: Body, canThink: boolean): AnswerScript | undefined {
  // The engine itself refuses what a model cannot do.
  if (body.think && !canThink) return undefined;
  const { num_predict = -1, stop = [], num_ctx } = body.options ?? {};
  const saying = typeof script.text === 'string' ? (script.text.split(stop[0] ?? '\0')[0] ?? '') : '';
  const pieces = saying.match(/\s*\S+/g) ?? [];
  const isCut = num_predict > 0 && pieces.length > num_predict;
  const text = isCut ? pieces.slice(0, num_predict) : pieces;
  const likely = { token: 'a', logprob: -0.5, bytes: [97] };
  return {
    ...script,
    text,
    ...(canThink && body.think !== false && { thinking: [words.sky.thought] }),
    ...(body.messages === undefined && !('raw' in body) && { context: [1, 2, 3] }),
    ...(body.logprobs && { logprobs: text.map(() => [{ ...likely, top_logprobs: [likely, likely] }]) }),
    ...(isCut && { doneReason: 'length' }),
    counts: { prompt: num_ctx === undefined ? 12 : Math.min(12, num_ctx), answer: Math.max(text.length, 1) },
  };
}

function embedding(server: ScriptedServer, body: Body, version: Version): Reply<EmbedScript> {
  const { model, input = '', truncate, options } = body;
  if (typeof options?.temperature === 'string') return wrongOption;
  const texts = Array.isArray(input) ? input : [input];
  const isTooLong = truncate === false && texts.some((text) => text.length > tooLong);
  if (isTooLong) return inputTooLong;
  const canChat = server.models.some(
    ({ name, capabilities }) => name === `${model}:latest` && capabilities.includes('completion'),
  );
  return canChat && version === '0.24' ? { embeddings: texts.map(() => [0.6, 0.8]) } : undefined;
}

const noFile = (path: string) => failWith(500, `open /root/.ollama/models/${path}: no such file or directory`);
const notPulled = failWith(500, 'pull model manifest: file does not exist');
const isHere = (server: ScriptedServer, model: string) =>
  server.models.some(({ name }) => name === model || name === `${model}:latest`);

function creation(server: ScriptedServer, { from, files, template, quantize }: Body): Reply<ProgressScript> {
  if (from !== undefined && !isHere(server, from)) return ['pulling manifest', notPulled];
  if (files !== undefined) return ['parsing GGUF', noFile('blobs/sha256-1')];
  if (template !== undefined && !template.includes('}}')) {
    return failWith(400, 'template error: template: :1: unclosed action');
  }
  return quantize === undefined ? undefined : failWith(500, `unsupported quantization type ${quantize.toUpperCase()}`);
}

function pulling(server: ScriptedServer, model: string): Reply<ProgressScript> {
  if (model.startsWith('127.0.0.1:1/')) {
    const reason = 'dial tcp 127.0.0.1:1: connect: connection refused';
    return ['pulling manifest', failWith(500, `pull model manifest: Get "https://${model}": ${reason}`)];
  }
  return model.startsWith('toolbelt-contract-') && !isHere(server, model) ? ['pulling manifest', notPulled] : undefined;
}

function pushing(server: ScriptedServer, model: string): Reply<ProgressScript> {
  if (model === '' || isHere(server, model)) return undefined;
  return ['retrieving manifest', "couldn't retrieve manifest", noFile('manifests/x')];
}

const wrongOption = failWith(500, 'option "temperature" must be of type float32');

/** llama-server's own JSON, inside the string. */
const nested = (message: string, type: string) =>
  failWith(400, JSON.stringify({ error: { code: 400, message, type } }));
const inputTooLong = failWith(400, 'the input length exceeds the context length');
const overContext = {
  '0.24': inputTooLong,
  '0.33': nested(
    'request (10008 tokens) exceeds the available context size (512 tokens), try increasing it',
    'exceed_context_size_error',
  ),
};
const cannotSee = nested(
  'Multimodal data provided, but model does not support multimodal requests.',
  'invalid_request_error',
);
