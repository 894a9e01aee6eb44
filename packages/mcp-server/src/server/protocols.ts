/** The newest revision of MCP that a server speaks. It speaks the older ones too. */
export const protocols = ['2026-07-28', '2025-11-25'] as const;
export type Protocol = (typeof protocols)[number];

export const newestProtocol: Protocol = protocols[0];

/** What is wrong with the value of an option, if anything. */
export const protocolProblem = (option: string, revision: string): string | undefined =>
  protocols.some((known) => known === revision) ? undefined : `${option} should be ${protocols.join(' or ')}.`;
