const units: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** 2^63 nanoseconds. */
const longestMs = 2 ** 63 / 1e6;

/** Milliseconds of a Go duration such as `1h30m`; the errors are those of Go's time.ParseDuration. */
export function parseGoDuration(text: string): number {
  const invalid = () => new Error(`time: invalid duration ${JSON.stringify(text)}`);
  const [, sign, body] = /^([+-]?)(.*)$/s.exec(text)!;
  if (body === '0') return 0;
  if (!body) throw invalid();
  let rest = body;
  let total = 0;
  while (rest !== '') {
    const [part, digits] = /^(\d+\.?\d*|\.\d+)/.exec(rest) ?? [];
    if (part === undefined || digits === undefined) throw invalid();
    rest = rest.slice(part.length);
    const unit = /^[^\d.]*/.exec(rest)![0];
    if (unit === '') throw new Error(`time: missing unit in duration ${JSON.stringify(text)}`);
    const factor = units[unit];
    if (factor === undefined)
      throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    total += Number(digits) * factor;
    rest = rest.slice(unit.length);
  }
  if (total > longestMs) throw invalid();
  return sign === '-' ? -total : total;
}

/** `keep_alive` in milliseconds, Infinity for "forever"; throws with the server's message. */
export function parseKeepAlive(value: unknown): number {
  if (typeof value !== 'number' && typeof value !== 'string') {
    const kind = { boolean: 'bool', object: Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}' }[
      typeof value as 'boolean' | 'object'
    ];
    throw new Error(`Unsupported type: '${kind}'`);
  }
  const duration = typeof value === 'number' ? value * 1000 : parseGoDuration(value);
  return duration < 0 ? Number.POSITIVE_INFINITY : duration;
}
