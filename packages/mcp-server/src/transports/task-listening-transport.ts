import type { JSONRPCMessage, MessageExtraInfo, RequestId, Transport } from '@modelcontextprotocol/server';
import { SUBSCRIPTION_ID_META_KEY } from '@modelcontextprotocol/server';
import { listeningIn, refusalFor, type TaskListening, tellOf } from '../server/task-listening.ts';
import type { Tasks } from '../server/tasks.ts';

/** A transport to one client that answers subscriptions to tasks, after the SDK has validated them. */
export class TaskListeningTransport implements Transport {
  onmessage?: Transport['onmessage'];
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #inner: Transport;
  readonly #tasks: Tasks;
  readonly #asked = new Map<RequestId, TaskListening>();
  readonly #telling = new Map<RequestId, AbortController>();

  constructor(inner: Transport, tasks: Tasks) {
    this.#inner = inner;
    this.#tasks = tasks;
    inner.onmessage = (message, extra) => this.#take(message, extra);
    inner.onclose = () => {
      for (const telling of this.#telling.values()) telling.abort();
      this.onclose?.();
    };
    inner.onerror = (error) => this.onerror?.(error);
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const id = acknowledgedIn(message);
    const listening = id === undefined ? undefined : this.#asked.get(id);
    if (!('method' in message) && message.id !== undefined) this.#asked.delete(message.id);
    if (listening === undefined) return this.#inner.send(message);
    this.#asked.delete(listening.id);
    void this.#tell(listening);
  }

  #take(message: JSONRPCMessage, extra: MessageExtraInfo | undefined): void {
    const listening = listeningIn(message);
    if (listening && !listening.isDeclared) return void this.#inner.send(refusalFor(listening));
    if (listening) this.#asked.set(listening.id, listening);
    const cancelled = cancelledIn(message);
    if (cancelled !== undefined) this.#telling.get(cancelled)?.abort();
    this.onmessage?.(message, extra);
  }

  async #tell(listening: TaskListening): Promise<void> {
    const own = new AbortController();
    this.#telling.set(listening.id, own);
    try {
      await tellOf(listening, this.#tasks, (message) => void this.#inner.send(message), own.signal);
    } catch (error) {
      this.onerror?.(error as Error);
    }
    this.#telling.delete(listening.id);
    // Otherwise the SDK would end it again when the connection ends.
    const params = { requestId: listening.id };
    if (!own.signal.aborted) this.onmessage?.({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
  }
}

/** The id of the subscription that the SDK acknowledges with this message. */
function acknowledgedIn(message: JSONRPCMessage): RequestId | undefined {
  if (!('method' in message) || message.method !== 'notifications/subscriptions/acknowledged') return undefined;
  return (message.params?._meta as { [SUBSCRIPTION_ID_META_KEY]?: RequestId } | undefined)?.[SUBSCRIPTION_ID_META_KEY];
}

const cancelledIn = (message: JSONRPCMessage): RequestId | undefined =>
  'method' in message && message.method === 'notifications/cancelled'
    ? (message.params as { requestId?: RequestId } | undefined)?.requestId
    : undefined;
