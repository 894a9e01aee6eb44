import { OllamaError, OllamaHttpError } from '@ollama-toolbelt/core/neutral';
import { expect } from 'vitest';
import type * as z from 'zod';

/** The response as its schema parses it; fails if it does not match or the schema drops something. */
export function valid<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.parse(answer);
  expect(parsed, 'the schema drops nothing').toEqual(answer);
  return parsed;
}

/** All chunks of a stream, each as its schema parses it. */
export async function validChunks<Schema extends z.ZodType>(
  schema: Schema,
  stream: AsyncIterable<unknown>,
): Promise<z.output<Schema>[]> {
  const chunks: z.output<Schema>[] = [];
  for await (const chunk of stream) chunks.push(valid(schema, chunk));
  return chunks;
}

/** One way in which a server may reject a request. */
export interface Refusal {
  /** Undefined if the error comes inside a successful response. */
  readonly status?: number;
  readonly code: OllamaError['code'];
  readonly says: RegExp;
  /** The servers that respond like this, if they differ. */
  readonly from?: string;
}

/** The error of a call that must be rejected in one of these ways. */
export async function refused(
  call: Promise<unknown> | AsyncIterable<unknown>,
  ...ways: readonly [Refusal, ...Refusal[]]
): Promise<OllamaError> {
  const error = await failureOf(call);
  const got = {
    status: error instanceof OllamaHttpError ? error.status : undefined,
    code: error.code,
    message: error.message,
  };
  const fits = ways.some(
    ({ status, code, says }) => got.status === status && got.code === code && says.test(got.message),
  );
  expect(fits, `${JSON.stringify(got)} is none of ${ways.map((way) => describeWay(way)).join(', ')}`).toBe(true);
  return error;
}

/** For requests that some servers accept and others reject. */
export async function answeredOrRefused<Schema extends z.ZodType>(
  schema: Schema,
  call: Promise<unknown>,
  ...ways: readonly [Refusal, ...Refusal[]]
): Promise<z.output<Schema> | undefined> {
  const [{ status }] = await Promise.allSettled([call]);
  if (status === 'fulfilled') return valid(schema, await call);
  await refused(call, ...ways);
  return undefined;
}

const describeWay = ({ status, code, says, from }: Refusal) =>
  `${status ?? 'an error line'} ${code} ${says}${from ? ` (${from})` : ''}`;

async function failureOf(call: Promise<unknown> | AsyncIterable<unknown>): Promise<OllamaError> {
  let answer: unknown;
  try {
    if (call instanceof Promise) answer = await call;
    else for await (const chunk of call) answer = chunk;
  } catch (error) {
    if (error instanceof OllamaError) return error;
    throw error;
  }
  throw new Error(`the server did not refuse, it answered ${JSON.stringify(answer)?.slice(0, 300)}`);
}
