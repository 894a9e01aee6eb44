/** Which tests should detect a fault in which sources. */
export interface Area {
  readonly name: string;
  /** Globs from the root of the repository. */
  readonly sources: readonly string[];
  /** Whole suites. */
  readonly tests: readonly string[];
  /** Names of test files whose tests load the sources themselves. Only they notice faults in what runs while loading. */
  readonly loading?: RegExp;
  /** Names of test files that are too slow to run once for each fault. */
  readonly without?: RegExp;
  /** Minimum percentage of covered mutants that must be detected. `scores.json` has the best results. */
  readonly leastScore: number;
  /** The package whose build its tests use. */
  readonly builds?: string;
}

const core = {
  tests: ['packages/core/src/**/*.test.ts', 'test/core/*.test.ts'],
  without: /any-|-real|bounded-memory|disk-store|linear-work|old-platforms|property/,
  leastScore: 85,
};

export const areas: readonly Area[] = [
  { name: 'core', sources: ['packages/core/src/{errors,modelfile,wire}/**/*.ts'], ...core },
  // Separate, because its tests wait for sockets and timeouts, and take most of the time.
  { name: 'core-http', sources: ['packages/core/src/http/**/*.ts'], ...core },
  {
    name: 'mcp-server',
    sources: [
      'packages/mcp-server/src/{calls,sessions}/**/*.ts',
      'packages/mcp-server/src/cli/{disk-files,open-inside}.ts',
      'packages/mcp-server/src/tools/support/{attachments,modelfile-paths,read-images}.ts',
      'packages/mcp-server/src/transports/http/{accept,access,body,caller,challenge,cors,guard,sessions,token}.ts',
      'packages/mcp-server/src/tools/{memory-budget,scopes,timer}.ts',
    ],
    tests: ['packages/mcp-server/src/**/*.test.ts', 'test/mcp/{eras,http,stdio}/*.test.ts'],
    // Tests that start a separate process cannot see a fault in this one, and some take too long.
    without:
      /address-hint|balanced|call-terminal|call\.test|check|compile-cache|conformance|inspector|lambda|left-behind|oauth\.test|odd-messages|process|property|setup|silence|stdio\/result-size|unfilled|workerd/,
    leastScore: 85,
  },
  {
    name: 'n8n-nodes',
    sources: ['packages/n8n-nodes/{credentials,nodes}/**/*.ts'],
    tests: ['test/n8n/engine/*.test.ts'],
    loading: /descriptions/,
    without: /package|readme/,
    leastScore: 75,
    builds: 'n8n-nodes',
  },
];
