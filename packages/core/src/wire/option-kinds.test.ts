import { expect, test } from 'vitest';
import { ModelOptions } from '../schemas/model-options.ts';
import { optionKind, optionKinds } from './option-kinds.ts';

const samples = { integer: 1, float: 0.5, boolean: true, strings: ['x'] };

test('every option has the kind of its schema', () => {
  expect(Object.keys(optionKinds).sort()).toEqual(Object.keys(ModelOptions.shape).sort());
  for (const [name, kind] of Object.entries(optionKinds)) {
    const schema = ModelOptions.shape[name as keyof typeof optionKinds];
    const accepted = Object.entries(samples).filter(([, value]) => schema.safeParse(value).success);
    const expected = kind === 'float' ? ['integer', 'float'] : [kind];
    expect(
      accepted.map(([sample]) => sample),
      name,
    ).toEqual(expected);
  }
});

test('a name that every object has is not an option', () => {
  expect(optionKind('constructor')).toBeUndefined();
  expect(optionKind('top_k')).toBe('integer');
});
