import { scopesFor, scopesOf } from '../tools/scopes.ts';
import type { Scope, ToolFacts } from '../tools/tool.ts';

type Params = Readonly<Record<string, unknown>> | undefined;

/** The scopes that requests need, for the offered tools. */
export interface ScopeRules {
  /** Scopes that clients can ask for. */
  readonly offered: readonly Scope[];
  /** Any one of these scopes is enough for a message. Empty if no scope is needed. */
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
          // Reads the name as the call does. An unknown tool needs no scope: the call itself reports it.
          return byName.get(String(params?.['name'])) ?? [];
        case 'resources/read':
          // All other resources were created by calls.
          return isAboutModels(String(params?.['uri'])) ? looking : running;
        case 'completion/complete':
          return looking;
        case 'subscriptions/listen':
          return listensToTasks(params) ? working : [];
        case 'tasks/get':
        case 'tasks/update':
        case 'tasks/cancel':
          // A download becomes a task too.
          return working;
        default:
          return [];
      }
    },
  };
}

const listensToTasks = (params: Params) =>
  (params?.['notifications'] as { taskIds?: unknown } | null | undefined)?.taskIds !== undefined;

/** Whether a URI is about models, or is their page. */
const isAboutModels = (uri: string) =>
  uri.startsWith('ollama://models') || uri.startsWith('ui://ollama-toolbelt/models');

/** Whether these scopes are enough. `undefined` means no restriction. */
export const isAllowed = (scopes: ReadonlySet<string> | undefined, needed: readonly Scope[]): boolean =>
  scopes === undefined || needed.length === 0 || needed.some((scope) => scopes.has(scope));
