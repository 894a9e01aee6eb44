/**
 * Looks for words that the house does not use, in Markdown and in the comments and strings of TypeScript. The list is
 * in `prose/house-words.ts`.
 *
 *   node scripts/check-prose.ts [PATTERN…]      default: all of the repository
 */
import { globSync, readFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { TextlintKernel } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import { TypeScriptProcessor } from './prose/typescript-texts.ts';
import { unwantedWords } from './prose/unwanted-words.ts';

const repository = join(import.meta.dirname, '..');
const patterns = process.argv.length > 2 ? process.argv.slice(2) : ['**/*.{ts,md}', '.github/**/*.md'];
const exclude = [
  '**/node_modules/**',
  '**/dist/**',
  '**/transcripts/**',
  '**/CHANGELOG.md',
  // Generated from code that is checked itself.
  'docs/{api,reference}/**',
  'scripts/prose/house-words.ts',
  'scripts/test/check-prose.test.ts',
];

const kernel = new TextlintKernel();
const options = {
  plugins: [
    { pluginId: 'markdown', plugin: markdown.default },
    { pluginId: 'typescript', plugin: { Processor: TypeScriptProcessor } },
  ],
  rules: [{ ruleId: 'house-words', rule: unwantedWords }],
};

let found = 0;
for (const file of globSync(patterns, { cwd: repository, exclude })) {
  const path = resolve(repository, file);
  const { messages } = await kernel.lintText(readFileSync(path, 'utf8'), {
    ext: extname(file),
    filePath: path,
    ...options,
  });
  for (const { line, column, message } of messages) console.error(`${file}:${line}:${column}: ${message}`);
  found += messages.length;
}
if (found > 0) {
  console.error(`Wordings to change: ${found}. What the house says instead is in scripts/prose/house-words.ts.`);
  process.exitCode = 1;
}
