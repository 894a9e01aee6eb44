import type { Bar } from './row.ts';

const WIDTH = 760;
const LABEL = 170;
const BAR = 16;
const GAP = 4;
const TITLE = 26;
const colors = ['#2563eb', '#9ca3af', '#d97706', '#7c3aed', '#059669'];

/** Grouped bars as SVG. The colors work on light and dark pages. */
export function plot(title: string, unit: string, bars: readonly Bar[]): string {
  const groups = [...new Set(bars.map(({ group }) => group))];
  const names = [...new Set(bars.map(({ name }) => name))];
  const longest = Math.max(...bars.map(({ value }) => value));
  const parts: string[] = [];
  let y = TITLE + 8;
  for (const group of groups) {
    parts.push(text(0, y + 12, group, 'font-weight="600"'));
    y += TITLE - 6;
    for (const { name, value } of bars.filter((bar) => bar.group === group)) {
      const width = Math.max(1, (value / longest) * (WIDTH - LABEL - 90));
      const color = colors[names.indexOf(name) % colors.length];
      parts.push(text(LABEL - 8, y + 12, name, 'text-anchor="end"'));
      parts.push(`<rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${color}"/>`);
      parts.push(text(LABEL + width + 6, y + 12, `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ${unit}`));
      y += BAR + GAP;
    }
    y += 10;
  }
  const attributes = `xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img"`;
  const style = 'text{font:12px system-ui,sans-serif;fill:#6b7280}';
  return `<svg ${attributes}>\n<title>${escaped(title)}</title>\n<style>${style}</style>\n${text(0, 16, title, 'font-weight="700"')}\n${parts.join('\n')}\n</svg>\n`;
}

const text = (x: number, y: number, words: string, more = '') =>
  `<text x="${x.toFixed(1)}" y="${y}" ${more}>${escaped(words)}</text>`;

const escaped = (words: string) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
