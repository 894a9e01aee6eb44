/** Maximum length of a shown line. */
const MAX_CHARACTERS = 160;
/** Number of unchanged characters that are shown on each side of a change within a line. */
const AROUND = 20;
/** The values of keys, tokens and the like, also of flags in a list, and passwords in addresses. */
const SECRETS = [
  /((?:key|token|secret|passw\w*|authorization)["']?\s*[:=,]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|(?:(?:bearer|basic)\s+)?[^\s,}"']+)/gi,
  /(:\/\/[^\s/:@"']*:)[^\s/@"']+(?=@)/g,
];

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

/** The changed part of a line, which may be long: JSON without line ends. */
function lineChange(old: string, now: string): string[] {
  const [before, after] = [[...withoutSecrets(old)], [...withoutSecrets(now)]];
  const start = commonStart(before, after);
  const tail = commonStart(before.slice(start).reverse(), after.slice(start).reverse());
  const part = (line: readonly string[]) => {
    const from = Math.max(start - AROUND, 0);
    const to = line.length - Math.max(tail - AROUND, 0);
    return `${from > 0 ? '…' : ''}${line.slice(from, to).join('')}${to < line.length ? '…' : ''}`;
  };
  return [`- ${shortened(part(before))}`, `+ ${shortened(part(after))}`];
}

const shown = (line: string) => shortened(withoutSecrets(line));

const withoutSecrets = (line: string) => SECRETS.reduce((text, secret) => text.replace(secret, '$1…'), line);

const shortened = (text: string) => (text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text);

function commonStart(one: readonly string[], other: readonly string[]): number {
  let length = 0;
  while (length < Math.min(one.length, other.length) && one[length] === other[length]) length++;
  return length;
}
