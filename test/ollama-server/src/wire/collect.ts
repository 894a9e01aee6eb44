import { isObject, type JsonObject } from './json.ts';

/** Merges the lines into one object, as the server does if `stream` is false. */
export type Collect = (lines: readonly JsonObject[]) => JsonObject;

const joined = (lines: readonly JsonObject[], read: (line: JsonObject) => unknown) =>
  lines.map((line) => read(line) ?? '').join('');
const gathered = (lines: readonly JsonObject[], read: (line: JsonObject) => unknown) =>
  lines.flatMap((line) => (read(line) as unknown[] | undefined) ?? []);
const orAbsent = (key: string, value: unknown[] | string) => (value.length > 0 ? { [key]: value } : {});

export const collectGenerate: Collect = (lines) => {
  const {
    model,
    created_at,
    response: _,
    thinking: __,
    done,
    logprobs: ___,
    tool_calls: ____,
    ...rest
  } = lines.at(-1) ?? {};
  return {
    model,
    created_at,
    response: joined(lines, (line) => line['response']),
    ...orAbsent(
      'thinking',
      joined(lines, (line) => line['thinking']),
    ),
    done,
    ...rest,
    ...orAbsent(
      'tool_calls',
      gathered(lines, (line) => line['tool_calls']),
    ),
    ...orAbsent(
      'logprobs',
      gathered(lines, (line) => line['logprobs']),
    ),
  };
};

export const collectChat: Collect = (lines) => {
  const { model, created_at, message: _, done, logprobs: __, ...rest } = lines.at(-1) ?? {};
  const messages = lines.map((line) => line['message']).filter(isObject);
  return {
    model,
    created_at,
    message: {
      role: 'assistant',
      content: joined(messages, (message) => message['content']),
      ...orAbsent(
        'thinking',
        joined(messages, (message) => message['thinking']),
      ),
      ...orAbsent(
        'tool_calls',
        gathered(messages, (message) => message['tool_calls']),
      ),
    },
    done,
    ...rest,
    ...orAbsent(
      'logprobs',
      gathered(lines, (line) => line['logprobs']),
    ),
  };
};

export const collectProgress: Collect = (lines) => lines.at(-1) ?? {};
