import { execFileSync } from 'node:child_process';
import type { Lines } from './instrument.ts';

/** The new or changed lines of each file since a commit, including uncommitted changes. */
export function changedLines(repository: string, since: string): Map<string, Lines> {
  const base = git(repository, 'merge-base', since, 'HEAD').trim();
  return linesIn(git(repository, 'diff', '--unified=0', '--no-color', '--no-ext-diff', base));
}

export function linesIn(diff: string): Map<string, Lines> {
  const files = new Map<string, { start: number; end: number }[]>();
  let lines: { start: number; end: number }[] = [];
  for (const line of diff.split('\n')) {
    const file = /^\+\+\+ b\/(.+)$/.exec(line)?.[1];
    if (file !== undefined) {
      lines = [];
      files.set(file, lines);
    }
    const hunk = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line);
    const count = Number(hunk?.[2] ?? 1);
    if (hunk && count > 0) lines.push({ start: Number(hunk[1]), end: Number(hunk[1]) + count - 1 });
  }
  return files;
}

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 100 * 1024 * 1024 });
