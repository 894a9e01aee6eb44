/** Maximum length of a shown line. */
const MAX_CHARACTERS = 160;
/** Hides the values of keys, tokens and the like. */
const SECRET = /((?:key|token|secret|passw\w*|authorization)["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,}]+)/gi;

/** The lines that differ, in the format of `diff`: removed lines after `-`, added ones after `+`. */
export function lineDiff(before: string, after: string): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const head = commonStart(old, now);
  const tail = commonStart(old.slice(head).reverse(), now.slice(head).reverse());
  const out = old.slice(head, old.length - tail);
  const into = now.slice(head, now.length - tail);
  if (out.length === 1 && into.length === 1) return [`line ${head + 1}:`, ...lineChange(out[0] ?? '', into[0] ?? '')];
  return [`line ${head + 1}:`, ...out.map((line) => `- ${shown(line)}`), ...into.map((line) => `+ ${shown(line)}`)];
}

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/));

/** The changed part of a long line, for example in JSON without line ends. */
function lineChange(old: string, now: string): string[] {
  const start = Math.max(commonStart([...old], [...now]) - 20, 0);
  const from = (line: string) => (start > 0 ? `…${[...line].slice(start).join('')}` : line);
  return [`- ${shown(from(old))}`, `+ ${shown(from(now))}`];
}

function shown(line: string): string {
  const hidden = line.replace(SECRET, '$1…');
  return hidden.length > MAX_CHARACTERS ? `${hidden.slice(0, MAX_CHARACTERS)}…` : hidden;
}

function commonStart(one: readonly string[], other: readonly string[]): number {
  let length = 0;
  while (length < Math.min(one.length, other.length) && one[length] === other[length]) length++;
  return length;
}
