import * as z from 'zod';
import { isWord, mayBeEmpty } from '../tools/field-marks.ts';
import { isHostKey } from './host-keys.ts';
import { unwrappedArguments } from './wrapped-arguments.ts';
import { choiceIn, isObject, numberIn, objectIn, switchIn, twiceJsonIn } from './written-as-text.ts';

type Field = z.core.$ZodType;

/**
 * Reads the arguments as they were meant, before validation. Hosts and models write JSON, numbers and booleans as text,
 * pass one item instead of a list, send null or empty values for omitted fields, and add keys of their own. Values of
 * text fields are not changed. Neither are values that cannot be read: validation reports those.
 */
export function fitArguments(schema: z.ZodObject, args: unknown): unknown {
  const value = unwrappedArguments(isNothing(args) || isNullWord(args) ? {} : objectIn(args), schema.shape);
  if (!isObject(value)) return value;
  const own = Object.entries(value).filter(
    ([key, inner]) => Object.hasOwn(schema.shape, key) || !(isHostKey(key, inner) || isNothing(inner)),
  );
  return fitObject(schema, Object.fromEntries(own));
}

/** `undefined` if the value means that the field is omitted. */
function fit(field: Field, value: unknown): unknown {
  const { inner, isOptional } = unwrapped(field);
  const keepsEmpty = mayBeEmpty(field) || mayBeEmpty(inner);
  const isLeftOut = (one: unknown) =>
    isOptional && (one === null || (isWord(field) && isNullWord(one)) || (!keepsEmpty && isPlaceholder(inner, one)));
  if (isLeftOut(value)) return undefined;
  const fitted = converted(inner, value);
  return isLeftOut(fitted) ? undefined : fitted;
}

/** The field itself, and whether it is optional. */
function unwrapped(field: Field): { inner: Field; isOptional: boolean } {
  let inner = field;
  let isOptional = false;
  for (;;) {
    if (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) isOptional = true;
    else if (!(inner instanceof z.ZodNullable)) return { inner, isOptional };
    inner = inner._zod.def.innerType;
  }
}

/** An empty value, or a number below the minimum: models send these if the host makes every field required. */
function isPlaceholder(field: Field, value: unknown): boolean {
  if (isEmpty(value)) return true;
  if (Array.isArray(value)) return value.length <= 100 && value.every((item) => item === '' || item === null);
  if (value === 0 && field instanceof z.ZodNumber) return (field.minValue ?? 0) > 0;
  return !takesText(field) && isNullWord(value);
}

const isNullWord = (value: unknown) => typeof value === 'string' && /^\s*(null|None|undefined)?\s*$/.test(value);

const isNothing = (value: unknown) => value === null || value === undefined || isEmpty(value);

function isEmpty(value: unknown): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function converted(field: Field, value: unknown): unknown {
  if (field instanceof z.ZodObject) return fitObject(field, objectIn(value));
  if (field instanceof z.ZodRecord) return objectIn(value);
  if (field instanceof z.ZodArray) return fitList(field, value);
  if (field instanceof z.ZodUnion) return fitUnion(field, value);
  if (field instanceof z.ZodBoolean) return switchIn(String(value)) ?? value;
  if (typeof value !== 'string') return value;
  if (field instanceof z.ZodNumber) return numberIn(value) ?? value;
  if (field instanceof z.ZodLiteral) return choiceIn(value, [...field.values]);
  if (field instanceof z.ZodEnum) return choiceIn(value, field.options);
  return value;
}

function fitObject(schema: z.ZodObject, value: unknown): unknown {
  if (!isObject(value)) return value;
  const { shape } = schema;
  const takesAny = schema._zod.def.catchall instanceof z.ZodUnknown;
  const entries = Object.entries(value).map(([key, inner]) => {
    if (Object.hasOwn(shape, key)) return [key, fit(shape[key], inner)] as const;
    return [key, takesAny && inner === null ? undefined : inner] as const;
  });
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

/** A list, or one written as text. Any other value becomes the only item. */
function fitList(field: z.ZodArray, value: unknown): unknown {
  const { element } = field;
  const fitItems = (items: readonly unknown[]) => items.map((item) => fit(element, item));
  if (Array.isArray(value)) return fitItems(value);
  if (typeof value !== 'string') return isObject(value) && !takesText(element) ? fitItems([value]) : value;
  const json = twiceJsonIn(value);
  if (!takesText(element)) return Array.isArray(json) ? fitItems(json) : isObject(json) ? fitItems([json]) : value;
  // Text in brackets is a single item unless it is a valid list.
  return Array.isArray(json) && field.safeParse(json).success ? json : [value];
}

function fitUnion(field: z.ZodUnion, value: unknown): unknown {
  const forms = field.options.map((option) => unwrapped(option).inner);
  if (typeof value === 'string' && takesText(field)) return otherThanText(forms, value) ?? value;
  for (const form of forms) {
    const fitted = converted(form, value);
    if (z.safeParse(form, fitted).success) return fitted;
  }
  return value;
}

/** The number or list written in a text, if the field accepts that as well as text. */
function otherThanText(forms: readonly Field[], text: string): unknown {
  return [numberIn(text), twiceJsonIn(text)].find(
    (value) =>
      value !== undefined &&
      typeof value !== 'string' &&
      forms.some((form) => !takesText(form) && z.safeParse(form, value).success),
  );
}

function takesText(field: Field): boolean {
  const { inner } = unwrapped(field);
  return inner instanceof z.ZodString || (inner instanceof z.ZodUnion && inner.options.some(takesText));
}
