/** Writes plain values as YAML blocks. Strings are quoted as in JSON where YAML could read them as something else. */
export function yaml(value: unknown, indent = ''): string {
  if (Array.isArray(value))
    return value.map((item) => `${indent}- ${yaml(item, `${indent}  `).trimStart()}`).join('\n');
  if (typeof value !== 'object' || value === null) return `${indent}${scalar(value)}`;
  return Object.entries(value)
    .map(([key, item]) => {
      const isBlock = typeof item === 'object' && item !== null;
      return `${indent}${scalar(key)}:${isBlock ? `\n${yaml(item, `${indent}  `)}` : ` ${scalar(item)}`}`;
    })
    .join('\n');
}

/** Words that YAML takes for a truth value, a number or nothing are quoted too. */
const scalar = (value: unknown) =>
  typeof value === 'string' && /^[a-z][\w/-]*$/i.test(value) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value)
    ? value
    : JSON.stringify(value);
