/** The messages of a client, in both eras of MCP. Without a client library, so only the server's time is measured. */

export type Message = Record<string, unknown>;
/** `legacy`: revisions with a handshake. `modern`: 2026-07-28, where each request identifies the client. */
export type Era = 'legacy' | 'modern';

export const MODERN = '2026-07-28';
const LEGACY = '2025-06-18';
const clientInfo = { name: 'bench', version: '1' };

export const handshake = { protocolVersion: LEGACY, capabilities: {}, clientInfo };

export const paramsOf = (era: Era, params: object): object =>
  era === 'legacy'
    ? params
    : {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': MODERN,
          'io.modelcontextprotocol/clientInfo': clientInfo,
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      };

export interface ListedTool {
  name: string;
  description: string;
  inputSchema: object;
}

export interface ToolResult {
  content: { type: string; text?: string }[];
  structuredContent?: object;
  isError?: boolean;
}

/** A connection to a server. */
export interface Client extends AsyncDisposable {
  listTools(): Promise<ListedTool[]>;
  callTool(name: string, args: object): Promise<ToolResult>;
  /** CPU time of all its threads so far. Linux only. */
  cpuMs(): Promise<number>;
  /** Resident memory. Linux only. */
  rssMb(): Promise<number>;
}

/** The result of a response. */
export function resultIn<Result>({ result, error }: Message): Result {
  if (result === undefined) throw new Error(`The server answered with an error: ${JSON.stringify(error)}`);
  return result as Result;
}
