/** The imports between files of the repository, including type imports. */
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

export interface Arrow {
  /** Paths from the root of the repository, with slashes. */
  from: string;
  to: string;
  /** The specifier as written in the file. */
  specifier: string;
}

/** The entries of our packages as resolved by `tsconfig.json`, so an import by name counts as an import of the file. */
const entries: Readonly<Record<string, string>> = {
  '@ollama-toolbelt/core': 'packages/core/src/node/index.ts',
  '@ollama-toolbelt/core/neutral': 'packages/core/src/neutral.ts',
  '@ollama-toolbelt/core/node': 'packages/core/src/node/index.ts',
  '@ollama-toolbelt/core/fetch': 'packages/core/src/fetch/index.ts',
  '@ollama-toolbelt/core/functions': 'packages/core/src/functions/index.ts',
  '@ollama-toolbelt/core/schemas': 'packages/core/src/schemas/index.ts',
  '@ollama-toolbelt/mcp-server/handler': 'packages/mcp-server/src/handler.ts',
  '@ollama-toolbelt/ollama-server': 'test/ollama-server/src/index.ts',
};

/** All TypeScript files except configuration files of tools. */
export function sourceFiles(): string[] {
  const options = { cwd: repository, exclude: ['**/node_modules/**', '**/dist/**', '**/*.config.ts'] };
  return globSync('*/**/*.ts', options).map((file) => file.replaceAll('\\', '/'));
}

export function importGraph(files: readonly string[] = sourceFiles()): Arrow[] {
  return files.flatMap((from) => importsOf(from, readFileSync(posix.join(repository, from), 'utf8')));
}

/** The imports of one file, except those from outside the repository. */
export function importsOf(from: string, text: string): Arrow[] {
  return specifiers(from, text).flatMap((specifier) => {
    const to = specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : entries[specifier];
    return to?.endsWith('.ts') ? [{ from, to, specifier }] : [];
  });
}

function specifiers(file: string, text: string): string[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const found: string[] = [];
  const add = (source: { value?: unknown } | null | undefined) => {
    if (typeof source?.value === 'string') found.push(source.value);
  };
  new Visitor({
    ImportDeclaration: ({ source }) => add(source),
    ExportNamedDeclaration: ({ source }) => add(source),
    ExportAllDeclaration: ({ source }) => add(source),
    ImportExpression: ({ source }) => add(source as { value?: unknown }),
    TSImportType: ({ source }) => add(source),
  }).visit(program);
  return found;
}
