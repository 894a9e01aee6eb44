import { expect, test } from 'vitest';
import { yaml } from './yaml.ts';

test('strings that YAML could parse as something else are quoted', () => {
  expect(yaml({ a: 'npx', b: 'yes', c: '-y', d: 'a: b', e: '', f: true, 'g h': '#', i: '1' })).toBe(
    'a: npx\nb: "yes"\nc: "-y"\nd: "a: b"\ne: ""\nf: true\n"g h": "#"\ni: "1"',
  );
});

test('lists of entries and entries of lists are indented', () => {
  expect(yaml({ servers: [{ name: 'a', args: ['b', 'c'] }] })).toBe(
    'servers:\n  - name: a\n    args:\n      - b\n      - c',
  );
});
