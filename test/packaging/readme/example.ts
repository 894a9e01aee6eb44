import { type CodeBlock, inRepository } from './code-blocks.ts';

/** The two lines that the README's examples go on from. */
const preamble = `import { createOllama } from '@ollama-toolbelt/core/node';
const ollama = createOllama();
`;

/** The address in examples of entries that read no environment. */
const address = 'http://127.0.0.1:11434';

/** A block as a program: one without a client of its own gets that of the README's first example. */
export function programOf({ code }: CodeBlock): string {
  const ownClient = /\b(const|using) ollama = createOllama\(|^import \{[^}]*\bcreateOllama\b/m.test(code);
  const program = code.replaceAll(`'${address}'`, `process.env['OLLAMA_HOST'] ?? '${address}'`);
  return ownClient ? program : preamble + program;
}

/**
 * What a block says it prints: comments behind what prints (`console.log(x); // 42`), and those at the left margin with
 * nothing below them in their paragraph. In them `…` is any text.
 *
 * @returns nothing where it says nothing.
 */
export function expectedOutput({ code }: CodeBlock): RegExp | undefined {
  const lines = code.split('\n');
  const said = lines.flatMap((line, index) => {
    const [, behind] = /^.*(?:console\.log|process\.stdout\.write)\(.*?; \/\/ ?(.*)$/.exec(line) ?? [];
    if (behind !== undefined) return [behind];
    const [, alone] = /^\/\/ ?(.*)$/.exec(line) ?? [];
    return alone !== undefined && endsParagraph(lines.slice(index)) ? [alone] : [];
  });
  if (said.length === 0) return undefined;
  return new RegExp(`^\\s*${said.map(pattern).join('\\s*')}\\s*$`);
}

const endsParagraph = (lines: readonly string[]) =>
  /^(\/\/|$)/.test(lines.find((line) => !line.startsWith('//')) ?? '');

const pattern = (text: string) =>
  text
    .trim()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[\\s\\S]*?');

/** The compiler that the repository itself is checked with. */
export const tsc = inRepository('node_modules/typescript/bin/tsc');
