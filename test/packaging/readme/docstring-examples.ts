import { relative } from 'node:path';
import ts from 'typescript-5.9';
import { type CodeBlock, inRepository } from './code-blocks.ts';

/** A public function or method that a program can call. */
export interface PublicCall {
  /** For example `Ollama.chat`. */
  name: string;
  /** The code of each `@example` in its docstring. */
  examples: readonly CodeBlock[];
}

const entries = [
  'core/src/neutral.ts',
  'core/src/node/index.ts',
  'core/src/fetch/index.ts',
  'core/src/functions/index.ts',
  'mcp-server/src/handler.ts',
].map((path) => inRepository(`packages/${path}`));

/** All functions exported by the entries for programs, and all methods and getters of the exported classes. */
export function publicCalls(): PublicCall[] {
  const program = ts.createProgram(entries, {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts', 'lib.dom.asynciterable.d.ts'],
    types: ['node'],
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const found = new Map<ts.Declaration, PublicCall>();

  const add = (name: string, declaration: ts.Declaration) => {
    if (!found.has(declaration)) found.set(declaration, { name, examples: examplesOf(name, declaration) });
  };
  for (const entry of entries) {
    const source = program.getSourceFile(entry)!;
    for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(source)!)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      for (const declaration of symbol.declarations ?? []) {
        if (ts.isFunctionDeclaration(declaration)) add(exported.name, declaration);
        if (ts.isVariableDeclaration(declaration)) {
          if (checker.getTypeAtLocation(declaration).getCallSignatures().length > 0) add(exported.name, declaration);
        }
        if (ts.isClassDeclaration(declaration)) {
          for (const member of declaration.members.filter(isCall)) add(`${exported.name}.${nameOf(member)}`, member);
        }
      }
    }
  }
  return [...found.values()];
}

/** Methods and getters with a name. Those named by a symbol belong to the language. */
const isCall = (member: ts.ClassElement): boolean =>
  (ts.isMethodDeclaration(member) || ts.isGetAccessor(member)) && ts.isIdentifier(member.name);

const nameOf = (member: ts.ClassElement) => (member.name as ts.Identifier).text;

function examplesOf(heading: string, declaration: ts.Declaration): CodeBlock[] {
  const source = declaration.getSourceFile();
  return ts
    .getJSDocTags(declaration)
    .filter(({ tagName }) => tagName.text === 'example')
    .map((tag) => {
      const text = ts.getTextOfJSDocComment(tag.comment) ?? '';
      const [, code = ''] = /^```ts\n([\s\S]*?)\n```/.exec(text.trim()) ?? [];
      const { line } = source.getLineAndCharacterOfPosition(tag.getStart());
      return { readme: relative(inRepository('.'), source.fileName), heading, line: line + 2, code: `${code}\n` };
    });
}
