import { allScopes, type Scope, type Tool, type Toolset } from './tool.ts';

const scopeOfToolset: Readonly<Record<Toolset, Scope>> = {
  models: 'ollama:read',
  inference: 'ollama:run',
  web: 'ollama:run',
  manage: 'ollama:manage',
};

/** Any one of these scopes is enough to call the tool. */
export const scopesOf = ({ scopes, toolset }: Pick<Tool, 'scopes' | 'toolset'>): readonly Scope[] =>
  scopes ?? [scopeOfToolset[toolset]];

/** The scopes needed to use all of the tools, and the resources that every server has. */
export function scopesFor(tools: readonly Pick<Tool, 'toolset'>[]): Scope[] {
  const used = new Set<Scope>(['ollama:read', ...tools.map(({ toolset }) => scopeOfToolset[toolset])]);
  return allScopes.filter((scope) => used.has(scope));
}
