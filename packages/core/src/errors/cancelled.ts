import { type CallFacts, failureOf, where } from './call-facts.ts';
import { type ErrorPhase, OllamaAbortError } from './errors.ts';

/** The error for a call that its caller cancelled. */
export const cancelled = (facts: CallFacts, reason: unknown, phase?: ErrorPhase): OllamaAbortError =>
  new OllamaAbortError(`The call was cancelled (${where(facts)}).`, {
    ...failureOf('aborted', facts, phase),
    cause: reason,
  });
