/** Escapes the text of a table cell: a line break or a bar would end it, and Vue parses anything like a tag. */
export const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll('\n', '<br>')
    .replaceAll(/<(?!br>|\/?b>)/g, '&lt;')
    .replaceAll('{{', '&#123;&#123;');

export const code = (text: string): string => `\`${text}\``;

export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(headings), `|${'---|'.repeat(headings.length)}`, ...rows.map(line)].join('\n');
}
