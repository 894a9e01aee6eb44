import { isAbsent, isObject, type ShapeCheck } from './shape-check.ts';

/** Deeper values are rejected: copying or serializing them would overflow the stack. */
const MAX_DEPTH = 500;

const texts = ['model', 'done_reason'] as const;
const counts = [
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
] as const;

/** A line of chat. */
export const chatShape: ShapeCheck = (line, characters) => {
  const { message } = line;
  if (message === undefined || message === null) return lineShape(line);
  if (!isObject(message)) return 'message is not an object';
  return contentShape(message, message['content'], 'message.content', characters) ?? lineShape(line);
};

/** A line of generate. */
export const generateShape: ShapeCheck = (line, characters) =>
  contentShape(line, line['response'], 'response', characters) ?? lineShape(line);

/** The content of a line, whether it is in a message or in the line itself. `name` is the name of its text field. */
function contentShape(
  content: Readonly<Record<string, unknown>>,
  text: unknown,
  name: 'message.content' | 'response',
  characters: number,
): string | undefined {
  if (typeof text !== 'string' && !isAbsent(text)) return `${name} is not text`;
  const place = name === 'response' ? '' : 'message.';
  const { thinking, tool_calls } = content;
  if (typeof thinking !== 'string' && !isAbsent(thinking)) return `${place}thinking is not text`;
  if (!isAbsent(tool_calls)) {
    if (!Array.isArray(tool_calls)) return `${place}tool_calls is not a list`;
    if (!tool_calls.every(isToolCall)) return `${place}tool_calls has a call without the name of a function`;
  }
  // Each level takes two brackets. Most lines are far shorter, and walking them costs more than everything else here.
  if (characters <= 2 * MAX_DEPTH) return undefined;
  for (const name in content) {
    if (typeof content[name] === 'object' && isTooDeep(content[name], MAX_DEPTH))
      return `${place}${name} is nested too deeply`;
  }
  return undefined;
}

const isToolCall = (call: unknown): boolean =>
  isObject(call) && isObject(call['function']) && typeof call['function']['name'] === 'string';

/** Only the last line has counts, and many lines come before it. */
function lineShape(line: Readonly<Record<string, unknown>>): string | undefined {
  if (!isAbsent(line['logprobs']) && !Array.isArray(line['logprobs'])) return 'logprobs is not a list';
  if (line['done'] !== true) return undefined;
  for (const name of texts) if (typeof line[name] !== 'string' && !isAbsent(line[name])) return `${name} is not text`;
  for (const name of counts) {
    if (typeof line[name] !== 'number' && !isAbsent(line[name])) return `${name} is not a number`;
  }
  return undefined;
}

function isTooDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1));
}
