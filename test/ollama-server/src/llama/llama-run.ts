import { isThinking } from '../store/model-checks.ts';
import type { StoredModel } from '../store/stored-model.ts';
import { chatLines, generateLines, type LineMaker } from '../wire/answer-lines.ts';
import type { ChatBody, GenerateBody, Message } from '../wire/bodies.ts';
import type { JsonObject } from '../wire/json.ts';
import type { OllamaVersion } from '../wire/version.ts';
import { type AnswerEnd, answer } from './answer.ts';
import { fitMessages, fitTokens } from './fit-prompt.ts';
import { readFormat } from './format.ts';
import { parseTemplate } from './go-template.ts';
import type { Lease, LoadedModels } from './loaded-models.ts';
import { promptText } from './prompt-text.ts';
import { runErrors, unknownToken } from './run-errors.ts';
import { type RunOptions, readOptions } from './run-options.ts';
import type { Runner } from './runner.ts';

type Body = ChatBody | GenerateBody;
type Lines = AsyncGenerator<JsonObject, void, undefined>;

/** Runs models, as a given version. */
export interface Engine {
  loaded: LoadedModels;
  version: OllamaVersion;
}

interface Run {
  version: OllamaVersion;
  body: Body;
  model: StoredModel;
  options: RunOptions;
  lines: LineMaker;
  lease: Lease;
  signal: AbortSignal;
  start: bigint;
}

/** Loads the model, runs it and releases it, whether or not the client waits for the end. */
async function* withModel(
  { loaded, version }: Engine,
  base: Omit<Run, 'lease' | 'start' | 'options' | 'version'>,
  run: (run: Run) => Lines,
): Lines {
  const { body, model, signal } = base;
  const start = process.hrtime.bigint();
  const options = readOptions(model.parameters, body.options);
  const lease = await loaded.acquire(model, { contextLength: options.num_ctx, keepAlive: body.keep_alive }, signal);
  try {
    yield* run({ ...base, version, options, lease, start });
  } finally {
    lease.release();
  }
}

export const chatRun = (engine: Engine, body: ChatBody, model: StoredModel, signal: AbortSignal): Lines =>
  withModel(engine, { body, model, signal, lines: chatLines(body.model) }, (run) => chat(run, body));

export const generateRun = (engine: Engine, body: GenerateBody, model: StoredModel, signal: AbortSignal): Lines =>
  withModel(engine, { body, model, signal, lines: generateLines(body.model) }, (run) => generate(run, body));

/** Loads the model and reports it: the purpose of an empty prompt. */
export async function load({ loaded }: Engine, body: Body, model: StoredModel, signal: AbortSignal): Promise<void> {
  const { num_ctx: contextLength } = readOptions(model.parameters, body.options);
  const lease = await loaded.acquire(model, { contextLength, keepAlive: body.keep_alive }, signal);
  lease.release();
}

async function* chat(run: Run, body: ChatBody): Lines {
  const { model, lease } = run;
  const think = thinkOf(body, model);
  const tools = body.tools ?? [];
  const messages = conversation(body, model).map((message) => withoutImages(message, run.version));
  const text = (list: Message[]) => promptText(model.parsedTemplate, { messages: list, tools, think });
  const { contextLength } = lease.runner;
  const count = (list: Message[]) => lease.runner.tokenize(text(list)).length;
  const kept = body.truncate === false ? messages : fitMessages(messages, contextLength, count);
  const offered = new Set(tools.map((tool) => nameOf(tool)));
  yield* thinkThenAnswer(run, text(kept), offered, (thinking) =>
    text([...kept, { role: 'assistant', content: '', thinking }]),
  );
}

async function* generate(run: Run, body: GenerateBody): Lines {
  const { model, lease } = run;
  const template = body.template ? parseTemplate(body.template) : model.parsedTemplate;
  const system = body.system || model.system;
  const messages: Message[] = [
    ...(system ? [{ role: 'system', content: system }] : []),
    ...(body.context === undefined ? model.messages : []),
    withoutImages({ role: 'user', content: body.prompt ?? '', images: body.images ?? [] }, run.version),
  ];
  const before = body.context === undefined ? '' : contextText(lease.runner, body.context);
  const text = (list: Message[]) => before + promptText(template, { messages: list, think: thinkOf(body, model) });
  const prompt = body.raw ? (body.prompt ?? '') : text(messages);
  yield* thinkThenAnswer(run, prompt, new Set(), (thinking) =>
    text([...messages, { role: 'assistant', content: '', thinking }]),
  );
}

/**
 * A grammar cannot constrain thinking. So with a format the model runs twice: first freely to the end of its thinking,
 * then with that in the prompt, under the grammar.
 */
async function* thinkThenAnswer(
  run: Run,
  prompt: string,
  offered: ReadonlySet<string>,
  promptWith: (thinking: string) => string,
): Lines {
  const { body, model, lines, signal } = run;
  const format = readFormat(body.format);
  const think = Boolean(thinkOf(body, model)) && !('raw' in body && body.raw);
  const parser = {
    think: think && (prompt.trimEnd().endsWith('<think>') ? ('open' as const) : true),
    tools: offered.size > 0,
  };
  const request = (text: string) => ({
    prompt: fitTokens(run.lease.runner.tokenize(text), limits(run)),
    options: run.options,
    offered,
    topLogprobs: body.logprobs ? (body.top_logprobs ?? 0) : undefined,
    version: run.version,
  });
  const shape = { showsEmpty: 'prompt' in body };
  let full = prompt;
  let end: AnswerEnd | undefined;
  if (think && format !== undefined) {
    const first = yield* answer(run.lease.runner, { ...request(prompt), parser }, lines, signal, {
      ...shape,
      endsWithThoughts: true,
    });
    if (first === undefined) return;
    full = promptWith(first.thinking);
    end = yield* answer(run.lease.runner, { ...request(full), parser: {}, format }, lines, signal, shape);
  } else {
    end = yield* answer(run.lease.runner, { ...request(prompt), parser, format }, lines, signal, shape);
  }
  if (end !== undefined) yield lastLine(run, end, full);
}

function lastLine({ lines, lease, start, body }: Run, end: AnswerEnd, prompt: string): JsonObject {
  const withContext = 'prompt' in body && !body.raw;
  return lines.done({
    reason: end.reason,
    ...(withContext && { context: lease.runner.tokenize(prompt + end.raw) }),
    metrics: {
      total_duration: Number(process.hrtime.bigint() - start),
      load_duration: lease.loadNs,
      prompt_eval_count: end.promptTokens,
      prompt_eval_duration: end.promptNs,
      eval_count: end.tokens,
      eval_duration: end.tokensNs,
    },
  });
}

const limits = ({ lease, body, options, version }: Run) => ({
  version,
  contextLength: lease.runner.contextLength,
  truncate: body.truncate !== false,
  numKeep: options.num_keep ?? 4,
});

/** The setting that the template gets: a model that can think does so unless told not to. */
function thinkOf(body: Body, model: StoredModel): boolean | string | undefined {
  if (body.think !== undefined) return body.think;
  return isThinking(body, model) ? true : undefined;
}

/** The model's own system prompt and messages come first. */
function conversation(body: ChatBody, model: StoredModel): Message[] {
  const asked = (body.messages ?? []).map((message) => ({
    ...message,
    role: (message.role ?? '').toLowerCase(),
    content: message.content ?? '',
  }));
  const messages = [...model.messages, ...asked];
  return model.system && asked[0]?.role !== 'system'
    ? [{ role: 'system', content: model.system }, ...messages]
    : messages;
}

const nameOf = (tool: JsonObject) => String((tool['function'] as JsonObject | undefined)?.['name'] ?? '');

/** None of the models can see: 0.33 says so, and 0.24 only keeps the image's marker. */
function withoutImages({ images = [], ...message }: Message, version: OllamaVersion): Message {
  if (images.length === 0) return message;
  const error = runErrors[version].withoutVision?.();
  if (error !== undefined) throw error;
  return { ...message, content: images.map((_, index) => `[img-${index}]`).join('') + message.content };
}

function contextText(runner: Runner, context: readonly number[]): string {
  const odd = context.find((token) => token < 0 || token >= runner.vocabularySize);
  if (odd !== undefined) throw unknownToken(odd, runner.vocabularySize);
  return runner.detokenize(context);
}
