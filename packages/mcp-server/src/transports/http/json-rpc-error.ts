/** JSON-RPC's code for errors of a server's own: here, those before a message is read. */
const SERVER_ERROR = -32_000;
export const PARSE_ERROR = -32_700;
/** What clients take as "initialize again". */
export const SESSION_NOT_FOUND = -32_001;

/** A refusal as a JSON-RPC error, which clients show to people. */
export function jsonError(
  status: number,
  message: string,
  { code = SERVER_ERROR, headers = {} }: { code?: number; headers?: Record<string, string> } = {},
): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status, headers });
}
