import { allScopes, type Scope, type Tool, type Toolset } from './tool.ts';

const scopeOfToolset: Readonly<Record<Toolset, Scope>> = {
  models: 'ollama:read',
  inference: 'ollama:run',
  web: 'ollama:run',
  manage: 'ollama:manage',
};

/** Scopes any one of which is enough to call a tool. */
export const scopesOf = ({ scopes, toolset }: Pick<Tool, 'scopes' | 'toolset'>): readonly Scope[] =>
  scopes ?? [scopeOfToolset[toolset]];

/** The scopes that somebody needs to use all of the tools, and the resources, which every server has. */
export function scopesFor(tools: readonly Pick<Tool, 'toolset'>[]): Scope[] {
  const used = new Set<Scope>(['ollama:read', ...tools.map(({ toolset }) => scopeOfToolset[toolset])]);
  return allScopes.filter((scope) => used.has(scope));
}
