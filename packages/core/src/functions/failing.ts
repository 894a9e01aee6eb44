/** Code that the functions need only when a call fails. */
import { callErrors as errors } from '../errors/call-errors.ts';
import type { CallErrors } from '../errors/call-facts.ts';
import { withFailureCode } from '../fetch/http/failure-code.ts';

export { failures } from '../http/failures.ts';
export { sleep } from '../sleep.ts';

export const callErrors: CallErrors = {
  ...errors,
  connection_failed: (facts, cause, ...more) => errors.connection_failed(facts, withFailureCode(cause), ...more),
};
