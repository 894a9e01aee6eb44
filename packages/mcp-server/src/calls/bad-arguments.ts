import { closestNames } from '@ollama-toolbelt/core/neutral';
import { ModelOptions } from '@ollama-toolbelt/core/schemas';
import type * as z from 'zod';

type Issue = z.core.$ZodIssue;

/** More problems than this are the same mistake, repeated. */
const MAX_LINES = 20;
const MAX_KEY_LENGTH = 64;

/** One line for each wrong argument. Never includes its value, which may be part of a prompt. */
export function badArgumentLines(error: z.ZodError, known: readonly string[]): string[] {
  const all = error.issues.slice(0, MAX_LINES).flatMap((issue) => lines(issue, known));
  const shown = [...new Set(all)].slice(0, MAX_LINES);
  const count = error.issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1),
    0,
  );
  return count > MAX_LINES ? [...shown, `and more: ${count} mistakes in all`] : shown;
}

function lines(issue: Issue, known: readonly string[]): string[] {
  const path = pathText(issue.path) || 'arguments';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, MAX_LINES)
      .map((key) => `${pathText([...issue.path, key])}: unknown, ${suggestion(key, known)}`);
  }
  if (issue.code === 'invalid_union') {
    const expected = [...new Set(issue.errors.flat().map(expectation))];
    const inner = issue.errors.flat().every(({ path: below }) => below.length === 0);
    if (inner && expected.every((text) => text !== undefined)) return [`${path}: should be ${expected.join(' or ')}`];
    return [`${path}: does not match any of the allowed forms`];
  }
  const expected = expectation(issue);
  if (expected === undefined) return [`${path}: ${issue.message}`];
  // Zod reports a missing value and a wrong one as the same issue: only the message tells them apart.
  return [
    issue.message.endsWith('received undefined') ? `${path}: missing (${expected})` : `${path}: should be ${expected}`,
  ];
}

function expectation(issue: Issue): string | undefined {
  if (issue.code === 'invalid_type') return kinds[issue.expected] ?? issue.expected;
  if (issue.code === 'too_small' && issue.origin === 'number') return `${issue.minimum} or more`;
  if (issue.code === 'too_big' && issue.origin === 'number') return `${issue.maximum} or less`;
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value)).join(' or ');
  return undefined;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** `messages[0].content` */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? keyText(key) : `${text}.${keyText(key)}`,
    '',
  );
}

function keyText(key: PropertyKey): string {
  const text = String(key);
  return text.length > MAX_KEY_LENGTH ? `${text.slice(0, MAX_KEY_LENGTH)}…` : text;
}

function suggestion(key: string, known: readonly string[]): string {
  if (Object.hasOwn(ModelOptions.shape, key) && known.includes('options')) return `belongs in options`;
  if (known.length === 0) return 'this tool takes no arguments';
  const [near] = closestNames(key, known, 1);
  return near === undefined ? `arguments are ${known.join(', ')}` : `did you mean ${near}?`;
}
