/** The methods of the extension for tasks. */
import {
  type ClientCapabilities,
  MissingRequiredClientCapabilityError,
  type Result,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { anyParams } from './any-params.ts';
import { requireKnownRevision } from './by-revision.ts';
import { capabilitiesOf } from './client-capabilities.ts';
import type { Tasks } from './tasks.ts';

const EXTENSION = 'io.modelcontextprotocol/tasks';
const INVALID_PARAMS = -32602;

/** The capability that a server declares. */
export const tasksCapability = { extensions: { [EXTENSION]: {} } };

const methods: Readonly<Record<string, (tasks: Tasks, id: string, context: ServerContext) => Promise<Result>>> = {
  'tasks/get': (tasks, id, { mcpReq }) => tasks.get(id, mcpReq.signal),
  'tasks/update': async (tasks, id, { mcpReq }) => {
    if (mcpReq.inputResponses === undefined) throw badParams('inputResponses is missing.');
    return tasks.update(id);
  },
  'tasks/cancel': (tasks, id) => tasks.cancel(id),
};

export const isTaskMethod = (method: unknown): boolean => typeof method === 'string' && Object.hasOwn(methods, method);

/** Whether a client can poll tasks. */
export const knowsTasks = (capabilities: ClientCapabilities | undefined): boolean =>
  typeof capabilities?.extensions?.[EXTENSION] === 'object' && capabilities.extensions[EXTENSION] !== null;

/** Adds the methods to a server for clients of 2026-07-28 and later. The SDK knows them from an older revision. */
export function serveTasks(server: Server, tasks: Tasks): void {
  for (const [method, answer] of Object.entries(methods)) {
    server.setRequestHandler(method, { params: anyParams }, async ({ taskId }, context) => {
      requireKnownRevision(context);
      if (!knowsTasks(capabilitiesOf({ era: 'modern', server, context }))) throw undeclared();
      if (typeof taskId !== 'string') throw badParams('taskId should be text.');
      return answer(tasks, taskId, context);
    });
  }
}

export const undeclared = () =>
  new MissingRequiredClientCapabilityError(
    { requiredCapabilities: tasksCapability },
    `This needs the extension ${EXTENSION}, which the request does not declare among the capabilities of its client.`,
  );

const badParams = (problem: string) => Object.assign(new Error(problem), { code: INVALID_PARAMS });
