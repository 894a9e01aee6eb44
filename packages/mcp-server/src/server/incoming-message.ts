/**
 * Turns messages from clients into ones that the SDK accepts. Clients omit fields or send null, and the SDK does not
 * answer a message that it cannot read: the client would wait forever.
 */

export const PARSE_ERROR = -32_700;
export const INVALID_REQUEST = -32_600;
const INVALID_PARAMS = -32_602;

type Json = Record<string, unknown>;
export type RequestId = string | number;

export interface IncomingMessage extends Json {
  jsonrpc: '2.0';
  id?: RequestId;
  method?: string;
}

/** A message that cannot be passed on. */
export interface BadMessage {
  /** The id of the request that waits for a response, if there is one. */
  id: RequestId | null;
  code: number;
  problem: string;
}

/** Reads one message. Drops fields that JSON-RPC does not define, and treats null as missing. */
export function readMessage(value: unknown): { message: IncomingMessage } | { bad: BadMessage } {
  if (!isObject(value)) return bad(null, INVALID_REQUEST, 'A message should be a JSON object.');
  const { id, method, params, result, error } = value;
  const known = typeof id === 'string' || typeof id === 'number' ? id : null;
  const hasId = id !== undefined && id !== null;
  if (hasId && !isId(id)) return bad(known, INVALID_REQUEST, 'id should be text or a whole number.');
  const head = { jsonrpc: '2.0' as const, ...(isId(id) && { id }) };
  if (typeof method === 'string') {
    if (!hasId && id === null && !method.startsWith('notifications/')) {
      return bad(null, INVALID_REQUEST, 'id should not be null.');
    }
    if (!isNothing(params) && !isObject(params)) return bad(known, INVALID_PARAMS, 'params should be a JSON object.');
    const tidied = tidyParams(method, params ?? undefined);
    return { message: { ...head, method, ...(tidied && { params: tidied }) } };
  }
  if (hasId && isObject(result)) return { message: { ...head, result: withTidyMeta(result) } };
  if (isObject(error)) {
    const { code, message, data } = error;
    const errorObject = { code: Number.isInteger(code) ? code : 0, message: String(message ?? ''), data };
    return { message: { ...head, error: errorObject } };
  }
  // An invalid response is still passed on: the code that waits for it must not wait forever, and an error would look
  // like a response to one of the client's own requests.
  if (isId(id) && method === undefined && ('result' in value || 'error' in value))
    return { message: { ...head, error: UNREADABLE } };
  return bad(known, INVALID_REQUEST, 'A message should have a method, a result or an error.');
}

const UNREADABLE = {
  code: INVALID_REQUEST,
  message: 'The response has neither a readable result nor a readable error.',
};

const bad = (id: BadMessage['id'], code: number, problem: string) => ({ bad: { id, code, problem } });

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNothing = (value: unknown) => value === undefined || value === null;

const isId = (value: unknown): value is RequestId => typeof value === 'string' || Number.isSafeInteger(value);

function tidyParams(method: string, params: Json | undefined): Json | undefined {
  if (method === 'initialize') return withTidyMeta({ ...params, ...greeting(params ?? {}) });
  if (params === undefined) return undefined;
  if (method !== 'notifications/cancelled') {
    // A server without tasks must ignore this field, but the SDK rejects the call.
    const { task: _, ...plain } = params;
    return withTidyMeta(method === 'tools/call' ? plain : params);
  }
  const { reason, requestId, ...rest } = params;
  return withTidyMeta({
    ...rest,
    ...(isId(requestId) && { requestId }),
    ...(typeof reason === 'string' && { reason }),
  });
}

const PROGRESS = 'progressToken';
const TASK = 'io.modelcontextprotocol/related-task';

/** Drops a `_meta` that is not an object, and entries in it that the SDK would reject. */
function withTidyMeta({ _meta, ...rest }: Json): Json {
  if (!isObject(_meta)) return rest;
  const isKept = ([name, value]: [string, unknown]) =>
    (name !== PROGRESS || isId(value)) && (name !== TASK || (isObject(value) && typeof value['taskId'] === 'string'));
  return { ...rest, _meta: Object.fromEntries(Object.entries(_meta).filter(isKept)) };
}

/** Fills in what `initialize` requires, such as the name of a client that gives none. */
function greeting({ protocolVersion, capabilities, clientInfo }: Json): Json {
  const { name, version } = isObject(clientInfo) ? clientInfo : {};
  return {
    // The SDK answers an unknown revision with its latest.
    protocolVersion: typeof protocolVersion === 'string' ? protocolVersion : '',
    capabilities: { ...withModes(objectsOf(capabilities, 3)), ...extensionsOf(capabilities) },
    clientInfo: {
      name: typeof name === 'string' ? name : 'unknown',
      version: typeof version === 'string' ? version : 'unknown',
    },
  };
}

/** Older revisions only have forms, and declare no modes. */
function withModes({ elicitation, ...rest }: Json): Json {
  if (!isObject(elicitation)) return rest;
  const isOld = elicitation['form'] === undefined && elicitation['url'] === undefined;
  return { ...rest, elicitation: isOld ? { ...elicitation, form: {} } : elicitation };
}

/** Extensions may have any settings. */
function extensionsOf(capabilities: unknown): Json {
  const extensions = isObject(capabilities) ? capabilities['extensions'] : undefined;
  if (!isObject(extensions)) return {};
  return { extensions: Object.fromEntries(Object.entries(extensions).filter(([, settings]) => isObject(settings))) };
}

/** Capabilities are nested objects with a few booleans. Drops null and anything else. */
function objectsOf(value: unknown, depth: number): Json {
  if (!isObject(value) || depth === 0) return {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => isObject(inner) || typeof inner === 'boolean')
      .filter(([, inner]) => depth < 3 || isObject(inner))
      .map(([name, inner]) => [name, isObject(inner) ? objectsOf(inner, depth - 1) : inner]),
  );
}
