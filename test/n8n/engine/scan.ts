import { createRequire } from 'node:module';
import path from 'node:path';

interface Message {
  line: number;
  ruleId: string | null;
  message: string;
}

interface Linter {
  lintFiles(patterns: string[]): Promise<{ filePath: string; messages: Message[] }[]>;
}

interface Scanner {
  buildScanConfig(): Promise<unknown>;
  SOURCE_FILE_PATTERNS: string[];
}

// In a test run, its rules look at other files than in a scan.
process.env['NODE_ENV'] = 'production';
const require = createRequire(import.meta.url);
const scanner: Scanner = await import('@n8n/scan-community-package/scanner/scanner.mjs' as string);
// The scan itself hides warnings, so its settings are run with its own ESLint here.
const { ESLint }: { ESLint: new (options: object) => Linter } = createRequire(
  require.resolve('@n8n/scan-community-package/package.json'),
)('eslint');

/** The files that the scan checks in the repository and in the published tarball. */
export const scanPatterns = { source: scanner.SOURCE_FILE_PATTERNS, packed: ['**/*.js', 'package.json'] };

/** Each finding of n8n's scan of community packages, warnings too, as one line. */
export async function scan(directory: string, patterns: string[]): Promise<{ findings: string[]; files: number }> {
  const linter = new ESLint({
    cwd: directory,
    allowInlineConfig: false,
    overrideConfigFile: true,
    overrideConfig: await scanner.buildScanConfig(),
    errorOnUnmatchedPattern: false,
  });
  const results = await linter.lintFiles(patterns);
  const findings = results.flatMap(({ filePath, messages }) =>
    messages.map(
      ({ line, ruleId, message }) => `${path.relative(directory, filePath)}:${line} ${String(ruleId)} ${message}`,
    ),
  );
  return { findings, files: results.length };
}
