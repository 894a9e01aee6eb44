import { inspect } from 'node:util';
import { OllamaError } from '@ollama-toolbelt/core';
import { expect } from 'vitest';
import { secret } from './secrets.ts';

/** What a call or the reading of a stream was rejected with. Fails for anything but a safe `OllamaError`. */
export async function failureOf(call: Promise<unknown> | AsyncIterable<unknown>): Promise<OllamaError> {
  const error = await rejectionOf(call);
  expect(error).toBeInstanceOf(OllamaError);
  expectNoSecrets(error as OllamaError);
  return error as OllamaError;
}

async function rejectionOf(call: Promise<unknown> | AsyncIterable<unknown>): Promise<unknown> {
  try {
    if (call instanceof Promise) await call;
    else for await (const _ of call);
  } catch (error) {
    return error;
  }
  throw new Error('the call did not fail');
}

/** No prompt, image or key may be seen, however an error is printed. */
export function expectNoSecrets(error: OllamaError): void {
  const printed = [
    error.message,
    String(error.hint),
    String(error.stack),
    JSON.stringify(error),
    inspect(error, { depth: 8, showHidden: true }),
  ].join('\n');
  const all = [...Object.values(secret), Buffer.from(`user:${secret.key}`).toString('base64')];
  for (const text of all) expect(printed).not.toContain(text);
}
