import { type JsonErrorOptions, jsonError } from './json-rpc-error.ts';

/** Parameters of `WWW-Authenticate`, in addition to the problem (RFC 6750, RFC 9728). */
export interface Challenge {
  error?: 'invalid_token' | 'insufficient_scope';
  /** Scopes to ask for. */
  scope?: readonly string[];
  /** Address of the metadata of the resource. */
  resource_metadata?: string;
}

/** An error response that says what to send, in its body and in `WWW-Authenticate`. */
export function challenge(
  status: 401 | 403,
  problem: string,
  { error, scope, resource_metadata }: Challenge,
  options: Pick<JsonErrorOptions, 'id'> = {},
): Response {
  const parameters = {
    error,
    scope: scope?.join(' '),
    resource_metadata,
    error_description: problem,
  };
  const written = Object.entries(parameters).flatMap(([name, value]) =>
    value ? [`${name}="${headerText(value)}"`] : [],
  );
  const headers = { 'WWW-Authenticate': `Bearer ${written.join(', ')}` };
  return jsonError(status, problem, { ...options, headers });
}

/** Removes characters that are not allowed in a quoted value. */
const headerText = (text: string) => text.replace(/[^\x20-\x7e]|["\\]/g, '');
