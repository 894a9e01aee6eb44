import type { CallErrors } from './call-facts.ts';
import { cancelled } from './cancelled.ts';
import { connectionError } from './connection-error.ts';
import { badHeader } from './header-error.ts';
import { transportFailed } from './hook-failure.ts';
import { httpError } from './http-error.ts';
import { badLine, lineError, lineTooLong, truncated } from './line-error.ts';
import { timeoutError } from './timeout-error.ts';

/** The errors of a call, shared by all clients. */
export const callErrors: CallErrors = {
  aborted: cancelled,
  connection_failed: connectionError,
  server_error: httpError,
  stream_error: lineError,
  bad_line: badLine,
  line_too_long: lineTooLong,
  truncated,
  timeout: timeoutError,
  bad_request: badHeader,
  hook_failed: transportFailed,
};
