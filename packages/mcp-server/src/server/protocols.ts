/** Choices for the newest supported revision of MCP. Older ones are always supported. */
export const protocols = ['2026-07-28', '2025-11-25'] as const;
export type Protocol = (typeof protocols)[number];

export const newestProtocol: Protocol = protocols[0];

/** The problem with the value of an option, if any. */
export const protocolProblem = (option: string, revision: string): string | undefined =>
  protocols.some((known) => known === revision) ? undefined : `${option} should be ${protocols.join(' or ')}.`;
