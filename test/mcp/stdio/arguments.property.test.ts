import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { fitArguments } from '../../../packages/mcp-server/src/calls/fit-arguments.ts';
import { tools } from '../../../packages/mcp-server/src/tools/catalog/index.ts';

type Field = z.core.$ZodType;

/** Values that a field accepts. None are empty, because those may count as omitted. */
function valuesOf(field: Field): fc.Arbitrary<unknown> {
  if (field instanceof z.ZodOptional) return valuesOf(field.unwrap());
  if (field instanceof z.ZodObject) return objectsOf(field);
  if (field instanceof z.ZodArray) return fc.array(valuesOf(field.element), { minLength: 1, maxLength: 3 });
  if (field instanceof z.ZodUnion) return fc.oneof(...field.options.map(valuesOf));
  if (field instanceof z.ZodRecord)
    return fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1, maxKeys: 3 });
  if (field instanceof z.ZodEnum || field instanceof z.ZodLiteral) return fc.constantFrom(...field._zod.values);
  if (field instanceof z.ZodBoolean) return fc.boolean();
  if (field instanceof z.ZodNumber)
    return field.isInt ? fc.integer({ min: 1 }) : fc.double({ noNaN: true, noDefaultInfinity: true });
  // Names of models.
  if (field._zod.def.checks?.length) return fc.constantFrom('llama3.2:1b', 'hf.co/owner/name', '5', 'true');
  return fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('{"a":1}', 'true', '12', '["x"]', 'null', '  x\n'));
}

const objectsOf = (field: z.ZodObject): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(Object.entries(field.shape).map(([key, inner]) => [key, valuesOf(inner)])), {
    requiredKeys: Object.keys(field.shape).filter((key) => !(field.shape[key] instanceof z.ZodOptional)),
  });

/** JSON has no -0. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The value from a host that writes other types as text, in some of the places that allow it. */
function asSent(field: Field, value: unknown, writesText: () => boolean): unknown {
  if (field instanceof z.ZodOptional) return asSent(field.unwrap(), value, writesText);
  if (typeof value === 'string') return value;
  const text = (inner: unknown) => (writesText() ? JSON.stringify(inner) : inner);
  if (field instanceof z.ZodObject) {
    const entries = Object.entries(value as object).map(([key, inner]) => [
      key,
      asSent(field.shape[key], inner, writesText),
    ]);
    return text(Object.fromEntries(entries));
  }
  if (field instanceof z.ZodArray)
    return text((value as unknown[]).map((item) => asSent(field.element, item, writesText)));
  return text(value);
}

test.each(tools)('$name receives the same values from a host that writes everything as text', ({ input }) => {
  fc.assert(
    fc.property(objectsOf(input).map(asJson), fc.infiniteStream(fc.boolean()), (args, choices) => {
      const sent = asSent(input, args, () => choices.next().value === true);
      const meant = input.safeParse(fitArguments(input, args));
      const read = input.safeParse(fitArguments(input, sent));
      expect(read.success, JSON.stringify(read.error?.issues)).toBe(meant.success);
      expect(read.data).toEqual(meant.data);
      expect(meant.success).toBe(true);
    }),
    { numRuns: 100 },
  );
});
