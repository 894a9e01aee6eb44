/**
 * A deep copy of what JSON can hold, and of bytes. `structuredClone` alone refuses proxies, which the state of many web
 * pages is made of.
 */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copyOf(item)) as T;
  if (Object.prototype.toString.call(value) !== '[object Object]') return structuredClone(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copyOf(item)])) as T;
}
