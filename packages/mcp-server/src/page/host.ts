/** Talks to the host that shows the page, with JSON-RPC over window messages (the MCP Apps extension). */

/** Revision of the extension. */
const REVISION = '2026-01-26';

type Json = Record<string, unknown>;

interface Message {
  jsonrpc?: '2.0';
  id?: unknown;
  method?: string;
  params?: Json;
  result?: Json;
  error?: { message: string };
}

/** The part of the response to `ui/initialize` that the page reads. */
export interface Host {
  hostCapabilities?: { serverTools?: object };
  hostContext?: HostContext;
}

export interface HostContext {
  theme?: 'light' | 'dark';
  styles?: { variables?: Record<string, string | undefined> };
  containerDimensions?: { maxHeight?: number };
  locale?: string;
  timeZone?: string;
}

type Settle = [resolve: (result: Json) => void, reject: (error: unknown) => void];

const waiting = new Map<unknown, Settle>();
let lastId = 0;

/** Sends to any origin, because the address of the host window is unknown. */
const post = (message: Message) => parent.postMessage({ jsonrpc: '2.0', ...message }, '*');

export const notify = (method: string, params: Json = {}): void => post({ method, params });

/** Sends a request and returns its result. Rejects with the host's error, or with the reason of the signal. */
export function request(method: string, params: Json, signal?: AbortSignal): Promise<Json> {
  lastId += 1;
  const id = lastId;
  post({ id, method, params });
  return new Promise((resolve, reject) => {
    waiting.set(id, [resolve, reject]);
    signal?.addEventListener('abort', () => {
      notify('notifications/cancelled', { requestId: id });
      reject(signal.reason);
    });
  });
}

/** Starts to listen, and tells the host that the page is ready. */
export async function connect(
  version: string,
  onNotification: (method: string, params: Json) => void,
  leave: () => void,
): Promise<Host> {
  addEventListener('message', ({ source, data }: MessageEvent<Message | null>) => {
    if (source !== parent || !data?.jsonrpc) return;
    const { id, method, params = {}, result = {}, error } = data;
    if (!method) {
      const [resolve, reject] = waiting.get(id) ?? [];
      waiting.delete(id);
      if (error) reject?.(error);
      else resolve?.(result);
    } else if (id === undefined) onNotification(method, params);
    else {
      if (method === 'ui/resource-teardown') leave();
      post({ id, result: {} });
    }
  });
  const host = await request('ui/initialize', {
    protocolVersion: REVISION,
    appInfo: { name: 'ollama-toolbelt', version },
    appCapabilities: {},
  });
  notify('ui/notifications/initialized');
  return host;
}
