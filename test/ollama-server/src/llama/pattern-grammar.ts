/**
 * Converts a JSON Schema's regular expression to grammar syntax, as far as grammars support it, which covers the usual
 * ones.
 */
export function patternRule(pattern: string): string {
  const inner = /^\^(.*)\$$/s.exec(pattern)?.[1] ?? `.*${pattern}.*`;
  const parts = [...inner.matchAll(/\[(?:\\.|[^\]\\])*\]|\{[\d,]+\}|\\.|./gs)].map(([part]) => ruleOf(part));
  return String.raw`"\"" (${parts.join(' ').replace(/ (?=[*+?{])/g, '')}) "\"" space`;
}

const classes: Record<string, string> = { '\\d': '[0-9]', '\\w': '[A-Za-z0-9_]', '\\s': '[ \\t\\n]' };

function ruleOf(part: string): string {
  if (/^[[{]./.test(part) || '()|*+?'.includes(part)) return part;
  if (part === '.') return String.raw`[^"\\\x0A\x0D]`;
  return classes[part] ?? JSON.stringify(part.at(-1));
}
