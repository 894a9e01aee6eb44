import { OllamaError, OllamaHttpError } from '../errors/errors.ts';
import type { Vector } from '../options.ts';
import type { EmbedRequest } from '../schemas/interfaces.ts';

/**
 * The server embeds one text after the other, so a batch saves only round trips. Small ones can be cancelled and
 * retried.
 */
const BATCH_SIZE = 32;

/** A response of embed, with vectors as lists of numbers or as typed arrays. */
export interface Embedded<V extends Vector> {
  model: string;
  embeddings: V[];
  total_duration?: number | undefined;
  load_duration?: number | undefined;
  prompt_eval_count?: number | undefined;
}

/** Vectors that are known already. */
interface Known<V extends Vector> {
  get(texts: readonly string[]): Promise<(V | undefined)[]>;
  set(texts: readonly string[], vectors: readonly V[]): Promise<void>;
}

type Send<V extends Vector> = (request: EmbedRequest) => Promise<Embedded<V>>;

interface Batching<V extends Vector> {
  /** Most texts in one request. */
  batchSize?: number | undefined;
  openCache?: () => Promise<Known<V> | undefined> | undefined;
}

/**
 * Embeds any number of texts in batches, equal texts only once, and returns vectors in the order of the input. If the
 * server rejects a batch, it finds the rejected text and names it in the error.
 */
export async function embedAll<V extends Vector>(
  request: EmbedRequest,
  send: Send<V>,
  { batchSize, openCache }: Batching<V> = {},
): Promise<Embedded<V>> {
  const { input } = request;
  const size = batchSize ?? BATCH_SIZE;
  if (typeof input !== 'string' && (!Array.isArray(input) || input.length === 0)) return send(request);
  const texts = typeof input === 'string' ? [input] : input;
  refuseNoText(texts, request.model);
  const vectors = new Map<string, V>();
  const known = await openCache?.();
  const different = [...new Set(texts)];
  const found = (await known?.get(different)) ?? [];
  for (const [index, text] of different.entries()) {
    const vector = found[index];
    if (vector) vectors.set(text, vector);
  }
  const wanted = different.filter((text) => !vectors.has(text));
  const answers: Embedded<V>[] = [];
  for (let start = 0; start < wanted.length; start += size) {
    const batch = wanted.slice(start, start + size);
    const answer = await sendBatch(request, batch, texts, send);
    for (const [index, text] of batch.entries()) vectors.set(text, answer.embeddings[index] as V);
    await known?.set(batch, answer.embeddings);
    answers.push(answer);
  }
  return { ...merged(request, answers), embeddings: texts.map((text) => vectors.get(text) as V) };
}

/**
 * An empty text has no vector: the server returns none if it is alone, and rejects a whole batch that contains one.
 * Anything else could have the key of a text in the cache.
 */
function refuseNoText(texts: readonly unknown[], model: string): void {
  const inputIndex = texts.findIndex((text) => typeof text !== 'string' || text === '');
  if (inputIndex < 0) return;
  const isEmpty = texts[inputIndex] === '';
  const field = `input[${inputIndex}]`;
  throw new OllamaError(
    `Text ${inputIndex + 1} of ${texts.length} (${field}) is ${isEmpty ? 'empty' : 'not a text'}.`,
    {
      code: 'bad_request',
      hint: isEmpty ? 'An empty text has no vector: leave it out.' : 'input takes a text or a list of texts.',
      model,
      inputIndex,
      field,
    },
  );
}

async function sendBatch<V extends Vector>(
  request: EmbedRequest,
  batch: readonly string[],
  texts: readonly string[],
  send: Send<V>,
): Promise<Embedded<V>> {
  let answer: Embedded<V>;
  try {
    answer = await send({ ...request, input: [...batch] });
  } catch (error) {
    if (texts.length === 1 || !isAboutTheTexts(error)) throw error;
    const bad = await findBadText(request, batch, error, send);
    throw bad ? aboutText(bad.error, texts.indexOf(bad.text), texts.length) : error;
  }
  if (answer.embeddings?.length !== batch.length) {
    throw new OllamaError(`The server gave ${answer.embeddings?.length ?? 0} vectors for ${batch.length} texts.`, {
      code: 'server_error',
      hint: 'Ollama gives one vector for each text: check any proxy between this program and the server, and the version of the server.',
      model: request.model,
    });
  }
  return answer;
}

/** The server does not name the text when it rejects a batch. An error about the whole call has its own code. */
function isAboutTheTexts(error: unknown): error is OllamaHttpError {
  if (!(error instanceof OllamaHttpError)) return false;
  return error.code === 'context_exceeded' || error.code === 'bad_request' || error.status === 500;
}

interface BadText {
  text: string;
  error: OllamaHttpError;
}

/** Halves a rejected batch until one text is left that is rejected alone; undefined if both halves are accepted. */
async function findBadText(
  request: EmbedRequest,
  batch: readonly string[],
  error: OllamaHttpError,
  send: Send<Vector>,
): Promise<BadText | undefined> {
  const [text = ''] = batch;
  if (batch.length === 1) {
    return error.status === 500 && !(await canEmbed(request, send)) ? undefined : { text, error };
  }
  const middle = Math.ceil(batch.length / 2);
  for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
    try {
      await send({ ...request, input: half });
    } catch (halfError) {
      if (!isAboutTheTexts(halfError)) throw halfError;
      return findBadText(request, half, halfError, send);
    }
  }
  return undefined;
}

/** Whether the failure can be about one text, and not about a server that cannot embed anything at the moment. */
async function canEmbed(request: EmbedRequest, send: Send<Vector>): Promise<boolean> {
  try {
    await send({ ...request, input: ['a'] });
    return true;
  } catch {
    return false;
  }
}

function aboutText(error: OllamaHttpError, index: number, count: number): OllamaHttpError {
  return new OllamaHttpError(error.status, `Text ${index + 1} of ${count} (input[${index}]): ${error.message}`, {
    ...error,
    inputIndex: index,
    cause: error,
  });
}

const counts = ['total_duration', 'load_duration', 'prompt_eval_count'] as const;

/** Merges several responses: the last one, with the counts of all. Cached texts cost nothing. */
function merged<V extends Vector>(request: EmbedRequest, answers: readonly Embedded<V>[]): Embedded<V> {
  const sums = Object.fromEntries(
    counts
      .filter((name) => answers.some((answer) => answer[name] !== undefined))
      .map((name) => [name, answers.reduce((sum, answer) => sum + (answer[name] ?? 0), 0)]),
  );
  return { model: request.model, embeddings: [], ...answers.at(-1), ...sums };
}
