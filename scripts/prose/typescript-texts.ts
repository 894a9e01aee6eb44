/** Makes textlint read TypeScript: its comments and its strings. */
import type { TextlintPluginProcessorConstructor } from '@textlint/types';
import { parseSync, Visitor } from 'oxc-parser';

type Span = readonly [start: number, end: number];

/** Comments, and strings of more than one word. */
export function textSpans(file: string, source: string): Span[] {
  const { program, comments, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const spans: Span[] = comments.map(({ start, end }) => [start + 2, end]);
  const add = ({ start, end }: { start: number; end: number }) => {
    if (/\s/.test(source.slice(start, end))) spans.push([start, end]);
  };
  new Visitor({
    Literal: (node) => {
      if (typeof node.value === 'string') add(node);
    },
    TemplateElement: add,
  }).visit(program);
  return spans.sort(([a], [b]) => a - b);
}

export const TypeScriptProcessor: TextlintPluginProcessorConstructor = class {
  availableExtensions() {
    return ['.ts'];
  }

  processor() {
    return {
      preProcess: (text: string, file = 'source.ts') => treeOf(text, textSpans(file, text)),
      postProcess: (messages: never[], filePath = '') => ({ messages, filePath }),
    };
  }
};

/** A document with one paragraph per text. */
function treeOf(source: string, spans: readonly Span[]) {
  const lineStarts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const place = (offset: number) => {
    const line = lineStarts.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - lineStarts[line]! };
  };
  const node = (type: string, [start, end]: Span, more: object) => ({
    type,
    raw: source.slice(start, end),
    range: [start, end],
    loc: { start: place(start), end: place(end) },
    ...more,
  });
  const children = spans.map((span) =>
    node('Paragraph', span, { children: [node('Str', span, { value: source.slice(...span) })] }),
  );
  return node('Document', [0, source.length], { children }) as never;
}
