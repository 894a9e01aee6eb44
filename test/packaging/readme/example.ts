import { type CodeBlock, inRepository } from './code-blocks.ts';

/** The two lines before each of the README's examples. */
const preamble = `import { createOllama } from '@ollama-toolbelt/core/node';
const ollama = createOllama();
`;

/** The address in examples of entries that do not read the environment. */
const address = 'http://127.0.0.1:11434';

/** A block as a program. If it uses a client and creates none, it gets the one from the README's first example. */
export function programOf({ code }: CodeBlock): string {
  const usesClient = /\bollama\./.test(code);
  const ownClient = /\b(const|using) ollama = createOllama\(|^import \{[^}]*\bcreateOllama\b/m.test(code);
  const program = code.replaceAll(`'${address}'`, `process.env['OLLAMA_HOST'] ?? '${address}'`);
  return usesClient && !ownClient ? preamble + program : program;
}

/**
 * The output that a block documents: comments after a print (`console.log(x); // 42`), and unindented comments at the
 * end of a paragraph. In these, `…` matches any text.
 *
 * @returns nothing if it documents no output.
 */
export function expectedOutput({ code }: CodeBlock): RegExp | undefined {
  const lines = code.split('\n');
  const documented = lines.flatMap((line, index) => {
    const [, behind] = /^.*(?:console\.log|process\.stdout\.write)\(.*?; \/\/ ?(.*)$/.exec(line) ?? [];
    if (behind !== undefined) return [behind];
    const [, alone] = /^\/\/ ?(.*)$/.exec(line) ?? [];
    return alone !== undefined && endsParagraph(lines.slice(index)) ? [alone] : [];
  });
  if (documented.length === 0) return undefined;
  return new RegExp(`^\\s*${documented.map(pattern).join('\\s*')}\\s*$`);
}

const endsParagraph = (lines: readonly string[]) =>
  /^(\/\/|$)/.test(lines.find((line) => !line.startsWith('//')) ?? '');

const pattern = (text: string) =>
  text
    .trim()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[\\s\\S]*?');

/** The compiler that checks the repository itself. */
export const tsc = inRepository('node_modules/typescript/bin/tsc');
