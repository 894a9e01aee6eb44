import { type Part, parts } from './layers.ts';

const BEGIN = '<!-- begin: printed by "pnpm run docs" from test/house/layers.ts -->';
const END = '<!-- end -->';

/** The text with its layer tables updated. */
export function withLayerTables(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error('the marks of the tables are missing');
  const tables = [partTable(), ...parts.filter(({ layers }) => layers).map(layerTable)];
  return `${text.slice(0, begin)}${BEGIN}\n\n${tables.join('\n\n')}\n\n${text.slice(end)}`;
}

function partTable(): string {
  const rows = parts.map(({ root, uses }) => `| \`${root}\` | ${names(uses)} |`);
  return ['| part | may import |', '|---|---|', ...rows].join('\n');
}

function layerTable({ root, layers = {} }: Part): string {
  const rows = Object.entries(layers).map(
    ([row, { holds, imports }]) => `| \`${row}\` | ${holds} | ${names(imports)} |`,
  );
  return [`| in \`${root}\` | holds | may import |`, '|---|---|---|', ...rows].join('\n');
}

function names(list: readonly string[]): string {
  return list.map((name) => `\`${name}\``).join(', ') || 'nothing of ours';
}
