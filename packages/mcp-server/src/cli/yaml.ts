/** Writes plain values as YAML blocks. Quotes strings as in JSON if YAML could parse them as something else. */
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

/** Also quotes words that YAML parses as a boolean, a number or null. */
const scalar = (value: unknown) =>
  typeof value === 'string' && /^[a-z][\w/-]*$/i.test(value) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value)
    ? value
    : JSON.stringify(value);
