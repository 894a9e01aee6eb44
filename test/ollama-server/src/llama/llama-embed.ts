import { inputsOf } from '../store/model-checks.ts';
import type { StoredModel } from '../store/stored-model.ts';
import type { EmbedBody, EmbeddingsBody } from '../wire/bodies.ts';
import type { JsonObject } from '../wire/json.ts';
import type { OllamaVersion } from '../wire/version.ts';
import { shortestFloat32 } from './float32.ts';
import type { Engine } from './llama-run.ts';
import { inputTooLong, runErrors } from './run-errors.ts';
import { readOptions } from './run-options.ts';
import type { Runner } from './runner.ts';

/** One vector per input, in sequence. */
export async function embed(
  { loaded, version }: Engine,
  body: EmbedBody,
  model: StoredModel,
  signal: AbortSignal,
): Promise<JsonObject> {
  const start = process.hrtime.bigint();
  const inputs = inputsOf(body.input);
  const { num_ctx: contextLength } = readOptions(model.parameters, body.options);
  const lease = await loaded.acquire(model, { contextLength, keepAlive: body.keep_alive }, signal);
  try {
    if (inputs.length === 0) return { model: body.model, embeddings: [] };
    checkPooling(model, version);
    const embeddings: number[][] = [];
    let count = 0;
    if (inputs.includes('')) throw runErrors[version].emptyInput();
    for (const input of inputs) {
      const { vector, tokens } = await lease.runner.embed(
        fitInput(lease.runner, input, body.truncate !== false),
        signal,
      );
      embeddings.push(cutTo(vector, body.dimensions));
      count += tokens;
    }
    return {
      model: body.model,
      embeddings,
      total_duration: Number(process.hrtime.bigint() - start),
      load_duration: lease.loadNs,
      ...(count > 0 && { prompt_eval_count: count }),
    };
  } finally {
    lease.release();
  }
}

/** The older route: one text, and the floats as the 64-bit numbers that they are in Go. */
export async function embedOne(
  { loaded, version }: Engine,
  body: EmbeddingsBody,
  model: StoredModel,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { num_ctx: contextLength } = readOptions(model.parameters, body.options);
  const lease = await loaded.acquire(model, { contextLength, keepAlive: body.keep_alive }, signal);
  try {
    if (!body.prompt) return { embedding: [] };
    checkPooling(model, version);
    const { vector } = await lease.runner.embed(fitInput(lease.runner, body.prompt, false), signal);
    return { embedding: vector.map(Math.fround) };
  } finally {
    lease.release();
  }
}

function checkPooling({ gguf }: StoredModel, version: OllamaVersion): void {
  const error = gguf.embedding ? undefined : runErrors[version].withoutEmbeddings?.();
  if (error !== undefined) throw error;
}

/** The server reserves a token at each end, whether or not the model has such tokens. */
function fitInput(runner: Runner, input: string, truncate: boolean): readonly number[] {
  const tokens = runner.tokenize(input);
  if (tokens.length <= runner.contextLength) return tokens;
  if (!truncate) throw inputTooLong();
  return tokens.slice(0, runner.contextLength - 2);
}

function cutTo(vector: readonly number[], dimensions = 0): number[] {
  if (dimensions <= 0 || dimensions >= vector.length) return [...vector];
  const cut = vector.slice(0, dimensions);
  const norm = Math.hypot(...cut) || 1;
  return cut.map((value) => shortestFloat32(value / norm));
}
