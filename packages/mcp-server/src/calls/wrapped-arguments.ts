import { isHostKey } from './host-keys.ts';
import { isObject, objectIn } from './written-as-text.ts';

/** Keys under which hosts and models nest the arguments of a call. */
const WRAPPERS = ['arguments', 'args', 'kwargs', 'input', 'tool_input', 'toolInput', 'params', 'parameters', '__arg1'];
/** Keys next to a wrapper that name the tool. */
const NAMES: ReadonlySet<string> = new Set(['name', 'tool', 'tool_name', 'toolName', 'type', 'id']);

/** The arguments, without a wrapper object. */
export function unwrappedArguments(args: unknown, shape: Readonly<Record<string, unknown>>): unknown {
  if (!isObject(args)) return args;
  const entries = Object.entries(args).filter(([key, value]) => WRAPPERS.includes(key) || !isHostKey(key, value));
  const found = entries.find(([key]) => WRAPPERS.includes(key));
  const isAlone = entries.every(([key]) => key === found?.[0] || NAMES.has(key));
  if (found === undefined || !isAlone) return args;
  const [key, value] = found;
  const inner = objectIn(value);
  if (!isObject(inner)) return args;
  // If the tool has a field of that name, it is not a wrapper, unless its value can only be the arguments.
  if (
    Object.hasOwn(shape, key) &&
    !('model' in inner && Object.keys(inner).every((name) => Object.hasOwn(shape, name)))
  ) {
    return args;
  }
  return inner;
}
