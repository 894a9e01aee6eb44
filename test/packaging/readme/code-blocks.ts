import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A fenced code block in a README. */
export interface CodeBlock {
  readme: string;
  /** The heading above it. */
  heading: string;
  /** Its first line in the README, from 1. */
  line: number;
  code: string;
}

const root = new URL('../../../', import.meta.url);

/** Path of a file in the repository. */
export const inRepository = (path: string): string => fileURLToPath(new URL(path, root));

/** The TypeScript blocks of a README. */
export async function codeBlocks(readme: string): Promise<CodeBlock[]> {
  const lines = (await readFile(inRepository(readme), 'utf8')).split('\n');
  const blocks: CodeBlock[] = [];
  let heading = '';
  let open: { language: string; line: number; code: string[] } | undefined;
  for (const [index, line] of lines.entries()) {
    const [, fence] = /^```(\S*)/.exec(line) ?? [];
    if (open === undefined) {
      if (fence !== undefined) open = { language: fence, line: index + 2, code: [] };
      else heading = /^#+ (.*)/.exec(line)?.[1] ?? heading;
    } else if (fence === undefined) {
      open.code.push(line);
    } else {
      if (open.language === 'ts') blocks.push({ readme, heading, line: open.line, code: `${open.code.join('\n')}\n` });
      open = undefined;
    }
  }
  return blocks;
}
