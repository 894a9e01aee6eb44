/** Replaces vitest's `expect`: compares texts in plain letters. */
import { expect as expectAsFound } from 'vitest';
import { inPlainLetters } from './reword.ts';

export * from 'vitest';

export const expect = new Proxy(expectAsFound, {
  apply: (target, _, [found, ...more]) => target(plain(found), ...more),
  get: (target, name) => {
    const value = Reflect.get(target, name);
    return name === 'soft' ? (found: unknown, ...more: [string?]) => value(plain(found), ...more) : value;
  },
});

/** Changes objects in place, so they keep their identity. */
function plain(found: unknown, seen = new Set<unknown>()): unknown {
  if (typeof found === 'string') return inPlainLetters(found);
  if (typeof found === 'function') return plainOutcome(found as (...args: unknown[]) => unknown);
  if (typeof found !== 'object' || found === null || seen.has(found) || ArrayBuffer.isView(found)) return found;
  if (isThenable(found)) return plainPromise(found);
  seen.add(found);
  // `message` of an error is not enumerable.
  for (const name of Object.getOwnPropertyNames(found)) {
    const property = Object.getOwnPropertyDescriptor(found, name);
    if (property?.writable && property.configurable !== undefined) {
      const value = plain(property.value, seen);
      if (value !== property.value && typeof value === 'string') Reflect.set(found, name, value);
    }
  }
  return found;
}

function isThenable(found: object): found is PromiseLike<unknown> {
  return 'then' in found && typeof found.then === 'function';
}

function plainPromise(promise: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(promise).then(
    (value) => plain(value),
    (reason) => Promise.reject(plain(reason)),
  );
}

/** A function that throws, for `toThrow`. */
function plainOutcome(found: (...args: unknown[]) => unknown): unknown {
  if ('mock' in found || found.length > 0 || /^class\b/.test(Function.prototype.toString.call(found))) return found;
  return () => {
    try {
      return plain(found());
    } catch (error) {
      throw plain(error);
    }
  };
}
