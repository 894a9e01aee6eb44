/**
 * `subscriptions/listen` for tasks: a client is notified of changes instead of polling. The SDK handles that request
 * itself but does not know tasks, so the transports check for it here before and after the SDK has validated it.
 */
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  type RequestId,
  SERVER_INFO_META_KEY,
  SUBSCRIPTION_ID_META_KEY,
} from '@modelcontextprotocol/server';
import { elapsed } from '../tools/timer.ts';
import { serverInfo } from './server-info.ts';
import { knowsTasks, undeclared } from './task-methods.ts';
import type { Tasks } from './tasks.ts';

/** Minimum time between two notifications. */
const GAP_MS = 1000;

/** A request for notifications about tasks. */
export interface TaskListening {
  id: RequestId;
  taskIds: readonly string[];
  /** Whether the client declares the extension. */
  isDeclared: boolean;
}

interface Listen {
  id?: RequestId;
  method?: unknown;
  params?: {
    _meta?: { [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities };
    notifications?: { taskIds?: unknown } | null;
  };
}

/** The tasks that a message subscribes to, if any. */
export function listeningIn(message: unknown): TaskListening | undefined {
  const { id, method, params } = (message ?? {}) as Listen;
  const wanted = params?.notifications?.taskIds;
  if (method !== 'subscriptions/listen' || id === undefined || !Array.isArray(wanted)) return undefined;
  const taskIds = [...new Set(wanted.filter((one) => typeof one === 'string'))];
  return { id, taskIds, isDeclared: knowsTasks(params?._meta?.[CLIENT_CAPABILITIES_META_KEY]) };
}

/** The error for a client that does not declare the extension. */
export function refusalFor({ id }: TaskListening): JSONRPCErrorResponse {
  const { code, message, data } = undeclared();
  return { jsonrpc: '2.0', id, error: { code, message, data } };
}

/** Confirms which tasks it reports, sends each one now and after every change, and ends when all have ended. */
export async function tellOf(
  { id, taskIds }: TaskListening,
  tasks: Tasks,
  send: (message: JSONRPCMessage) => void,
  signal: AbortSignal,
): Promise<void> {
  const known = taskIds.filter((one) => tasks.has(one));
  const _meta = { [SUBSCRIPTION_ID_META_KEY]: id };
  const notify = (method: string, params: object) => send({ jsonrpc: '2.0', method, params: { ...params, _meta } });
  notify('notifications/subscriptions/acknowledged', { notifications: known.length > 0 ? { taskIds: known } : {} });
  await Promise.all(known.map((one) => follow(one, tasks, (task) => notify('notifications/tasks', task), signal)));
  if (signal.aborted) return;
  const result = { resultType: 'complete', _meta: { ..._meta, [SERVER_INFO_META_KEY]: serverInfo } };
  send({ jsonrpc: '2.0', id, result });
}

async function follow(id: string, tasks: Tasks, tell: (task: object) => void, signal: AbortSignal): Promise<void> {
  let lastSent = '';
  while (!signal.aborted && tasks.has(id)) {
    const task = await tasks.get(id, signal);
    const current = JSON.stringify(task);
    if (current !== lastSent) tell(task);
    lastSent = current;
    if (task['status'] !== 'working') return;
    await Promise.race([elapsed(GAP_MS, signal), tasks.ended(id)]);
  }
}
