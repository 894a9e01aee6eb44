/** JSON-RPC's code for errors of a server's own: here, those before a message is read. */
const SERVER_ERROR = -32_000;
/** What clients take as "initialize again". */
export const SESSION_NOT_FOUND = -32_001;

export interface JsonErrorOptions {
  code?: number;
  /** Of the request that it answers. */
  id?: string | number | null;
  headers?: Record<string, string>;
}

/** A refusal as a JSON-RPC error, which clients show to people. */
export function jsonError(
  status: number,
  message: string,
  { code = SERVER_ERROR, id = null, headers = {} }: JsonErrorOptions = {},
): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id }, { status, headers });
}
