import { scopesFor, scopesOf } from '../tools/scopes.ts';
import type { Scope, ToolFacts } from '../tools/tool.ts';

type Params = Readonly<Record<string, unknown>> | undefined;

/** What an access token has to allow, for the tools that are offered. */
export interface ScopeRules {
  /** What there is to ask for. */
  readonly offered: readonly Scope[];
  /** Scopes any one of which is enough for a message; none if everybody may send it. */
  needed(method: unknown, params: Params): readonly Scope[];
}

const looking: readonly Scope[] = ['ollama:read'];
const running: readonly Scope[] = ['ollama:run'];
const working: readonly Scope[] = ['ollama:run', 'ollama:manage'];

export function scopeRules(tools: readonly ToolFacts[]): ScopeRules {
  const byName = new Map<string, readonly Scope[]>(tools.map((tool) => [tool.name, scopesOf(tool)]));
  return {
    offered: scopesFor(tools),
    needed(method, params) {
      switch (method) {
        case 'tools/call':
          // Read as the call itself reads it. That of a tool that is not here is answered so, with any scope.
          return byName.get(String(params?.['name'])) ?? [];
        case 'resources/read':
          // The others are what calls have made.
          return isAboutModels(String(params?.['uri'])) ? looking : running;
        case 'completion/complete':
          return looking;
        case 'subscriptions/listen':
          return listensToTasks(params) ? working : [];
        case 'tasks/get':
        case 'tasks/update':
        case 'tasks/cancel':
          // A download becomes a task, too.
          return working;
        default:
          return [];
      }
    },
  };
}

const listensToTasks = (params: Params) =>
  (params?.['notifications'] as { taskIds?: unknown } | null | undefined)?.taskIds !== undefined;

/** Of the models themselves, or their page. */
const isAboutModels = (uri: string) =>
  uri.startsWith('ollama://models') || uri.startsWith('ui://ollama-toolbelt/models');

/** Whether these scopes are enough. Without any, the one who asks is not limited. */
export const isAllowed = (scopes: ReadonlySet<string> | undefined, needed: readonly Scope[]): boolean =>
  scopes === undefined || needed.length === 0 || needed.some((scope) => scopes.has(scope));
