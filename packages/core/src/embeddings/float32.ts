import { OllamaError } from '../errors/errors.ts';
import type { EmbedRequest, EmbedResponse } from '../schemas/interfaces.ts';

/**
 * The request of `embedFloat32`: the route that returns bytes supports no other fields. It truncates texts that are too
 * long.
 */
export type EmbedFloat32Request = Pick<EmbedRequest, 'model' | 'input' | 'dimensions'>;

/** The response of `embedFloat32`. */
export interface EmbedFloat32Response extends Pick<EmbedResponse, 'model' | 'prompt_eval_count'> {
  /** One vector of length 1 per text, in order: the same numbers as those of `embed`. */
  embeddings: Float32Array[];
}

/** A response of OpenAI's route. */
interface BytesAnswer {
  model?: string;
  data: readonly { embedding: string | readonly number[]; index?: number | null }[];
  usage?: { prompt_tokens?: number };
}

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** @throws OllamaError `bad_line` if the vectors are not valid base64 */
export function float32Answer(
  { model = '', data, usage }: BytesAnswer,
  fromBase64: (text: string) => Uint8Array,
): EmbedFloat32Response {
  const embeddings: Float32Array[] = [];
  for (const [place, { embedding, index }] of data.entries()) {
    const vector = typeof embedding === 'string' ? numbersOf(embedding, fromBase64) : Float32Array.from(embedding);
    embeddings[index ?? place] = vector;
  }
  const tokens = usage?.prompt_tokens;
  return { model, embeddings, ...(tokens !== undefined && { prompt_eval_count: tokens }) };
}

function numbersOf(base64: string, fromBase64: (text: string) => Uint8Array): Float32Array {
  try {
    const bytes = fromBase64(base64);
    // Some decoders skip characters that are not base64.
    const expected = Math.floor((lengthWithoutPadding(base64) * 3) / 4);
    if (bytes.length !== expected || bytes.length % BYTES !== 0) throw new RangeError('not whole numbers');
    // Little-endian, like every machine that Ollama runs on. A copy: pooled bytes may start at any offset.
    const numbers = new Float32Array(bytes.length / BYTES);
    new Uint8Array(numbers.buffer).set(bytes);
    return numbers;
  } catch (cause) {
    throw new OllamaError('The server gave a vector that is not base64 of 32-bit numbers.', {
      code: 'bad_line',
      hint: 'Something between this program and the server may have changed the answer; embed gets vectors as JSON.',
      cause,
    });
  }
}

/** A regular expression for the end of a text tries every position, which took as long as everything else together. */
function lengthWithoutPadding(base64: string): number {
  let { length } = base64;
  while (base64[length - 1] === '=') length -= 1;
  return length;
}

export const notForBytes = (field: string) =>
  new OllamaError(`embedFloat32 cannot send ${field.slice(0, 60)}.`, {
    code: 'bad_request',
    hint: 'The route that gives vectors as bytes takes model, input and dimensions only. embed takes the others: call load first to set keep_alive and options.',
    option: field.slice(0, 60),
  });
