import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';

export type Mutant = Awaited<ReturnType<Instrumenter['instrument']>>['mutants'][number];

/** The lines of a file that get faults; true for all. */
export type Lines = true | { start: number; end: number }[];

const silent = () => {};
const logger = {
  trace: silent,
  debug: silent,
  info: silent,
  warn: console.warn,
  error: console.error,
  fatal: console.error,
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => true,
  isErrorEnabled: () => true,
  isFatalEnabled: () => true,
};

/**
 * Adds every fault that Stryker knows to these files, each behind a switch. One set of files has all faults, and only
 * one is on at a time. `// Stryker disable next-line` in a source, with a reason, leaves one out.
 */
export async function instrument(
  root: string,
  files: ReadonlyMap<string, Lines>,
): Promise<{ mutants: readonly Mutant[]; sources: ReadonlyMap<string, string> }> {
  const sources = [...files].map(([file, lines]) => ({
    name: file,
    mutate: lines === true || lines.map(({ start, end }) => lineRange(start, end)),
    content: readFileSync(join(root, file), 'utf8'),
  }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const { files: made, mutants } = await new Instrumenter(logger).instrument(sources, options);
  for (const { name, content } of made) writeFileSync(join(root, name), content);
  return { mutants, sources: new Map(sources.map(({ name, content }) => [name, content])) };
}

const lineRange = (start: number, end: number) => ({
  start: { line: start - 1, column: 0 },
  end: { line: end, column: 0 },
});
