/** JSON-RPC leaves this range to servers. Used for errors before a message is read. */
const SERVER_ERROR = -32_000;
/** Tells clients to initialize again. */
export const SESSION_NOT_FOUND = -32_001;

export interface JsonErrorOptions {
  code?: number;
  /** The id of the request. */
  id?: string | number | null;
  headers?: Record<string, string>;
}

/** An error response with a JSON-RPC error, which clients show to people. */
export function jsonError(
  status: number,
  message: string,
  { code = SERVER_ERROR, id = null, headers = {} }: JsonErrorOptions = {},
): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id }, { status, headers });
}
