/** The descriptions that an editor shows for fields and options, from the published declarations. */

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript-5.9';
import { beforeAll, describe, expect, test } from 'vitest';
import { writtenInterfaces } from '../../fixtures/schema-interfaces.ts';

const core = new URL('../../../packages/core/', import.meta.url);
const entry = (name: string) => fileURLToPath(new URL(`dist/${name}/index.d.ts`, core));
const entries = [entry('node'), entry('fetch')];

let checker: ts.TypeChecker;
let program: ts.Program;
beforeAll(() => {
  program = ts.createProgram(entries, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts', 'lib.dom.asynciterable.d.ts'],
    types: [],
    skipLibCheck: true,
  });
  checker = program.getTypeChecker();
});

/** Exported interfaces and classes by name. */
function exported(): Map<string, ts.Type> {
  const found = new Map<string, ts.Type>();
  for (const file of entries) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    for (const symbol of module ? checker.getExportsOfModule(module) : []) {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      if (target.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class | ts.SymbolFlags.TypeAlias))
        found.set(symbol.name, checker.getDeclaredTypeOfSymbol(target));
    }
  }
  return found;
}

const isDocumented = (symbol: ts.Symbol) => symbol.getDocumentationComment(checker).length > 0;
const isOurs = (symbol: ts.Symbol) =>
  symbol.declarations?.some((declaration) => declaration.getSourceFile().fileName.includes('packages/core/dist')) ===
  true;

/** Fields of a type without a description, including those of nested objects. */
function silentFields(type: ts.Type, path: string, seen = new Set<ts.Type>()): string[] {
  // Types from other packages, which are described elsewhere.
  if (seen.has(type) || ['SchemaKeywords', 'SchemaLike'].includes(type.symbol?.name)) return [];
  seen.add(type);
  return type.getProperties().flatMap((field) => {
    if (!isOurs(field)) return [];
    const own = `${path}.${field.name}`;
    return [
      ...(isDocumented(field) ? [] : [own]),
      ...partsOf(checker.getTypeOfSymbol(field)).flatMap((part) => silentFields(part, own, seen)),
    ];
  });
}

/** Object types in a union, and the elements of lists. */
function partsOf(type: ts.Type): ts.Type[] {
  if (type.isUnion()) return type.types.flatMap(partsOf);
  if (!(type.flags & ts.TypeFlags.Object)) return [];
  const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
  if (element) return partsOf(element);
  return type.getCallSignatures().length === 0 ? [type] : [];
}

describe('every field has a description', () => {
  test('of requests, answers, options and errors', () => {
    const names = [...exported()].filter(([name]) =>
      /Request$|Response$|Options$|^(Message|Tool|ToolCall|AssistantMessage|Timeouts|RateLimit|RequestHooks|ModelDetails|Logprob|InstalledModel|RunningModel|ConversationTool|ToolContext|TransferProgress|EmbeddingStore|LoadRequest)$/.test(
        name,
      ),
    );
    expect(names.length).toBeGreaterThan(40);
    expect(names.flatMap(([name, type]) => silentFields(type, name))).toEqual([]);
  });

  test('of what a method takes', () => {
    const client = exported().get('Ollama') as ts.Type;
    const methods = [
      'chat',
      'chatStream',
      'generate',
      'generateStream',
      'conversation',
      'embed',
      'pull',
      'create',
      'load',
    ];
    const silent = methods.flatMap((method) => {
      const symbol = client.getProperty(method) as ts.Symbol;
      const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
      expect(isDocumented(symbol), method).toBe(true);
      return (signature?.getParameters() ?? []).flatMap((parameter) =>
        silentFields(checker.getNonNullableType(checker.getTypeOfSymbol(parameter)), `${method}(${parameter.name})`),
      );
    });
    expect(silent).toEqual([]);
  });
});

test('the interfaces match the schemas: run "pnpm run docs"', async () => {
  const written = await readFile(new URL('src/schemas/interfaces.ts', core), 'utf8');
  const plain = (text: string) => text.replace(/\s+/g, ' ').replace(/([=:]) \| /g, '$1 ');
  expect(plain(written)).toBe(plain(await writtenInterfaces()));
});
