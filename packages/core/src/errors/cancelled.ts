import { type ErrorPhase, OllamaAbortError } from './errors.ts';
import { type CallFacts, failureOf, where } from './hints.ts';

/** The error for a call that its caller gave up. */
export const cancelled = (facts: CallFacts, reason: unknown, phase?: ErrorPhase): OllamaAbortError =>
  new OllamaAbortError(`The call was cancelled (${where(facts)}).`, {
    ...failureOf('aborted', facts, phase),
    cause: reason,
  });
