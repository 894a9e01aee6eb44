import { describe, expect, test } from 'vitest';
import type { Message } from '../schemas/message.ts';
import { trimHistory } from './trim-history.ts';

/** One letter per message: system, user, assistant, assistant with a call (c), tool. Each has size 1. */
const history = (letters: string): Message[] =>
  [...letters].map((letter, index): Message => {
    const content = `${letter}${index}`;
    switch (letter) {
      case 's':
        return { role: 'system', content };
      case 'u':
        return { role: 'user', content };
      case 'c':
        return { role: 'assistant', content, tool_calls: [{ function: { name: 'look', arguments: {} } }] };
      case 't':
        return { role: 'tool', content, tool_name: 'look' };
      default:
        return { role: 'assistant', content };
    }
  });

function trimmed(letters: string, limit: number, target = limit): string {
  const { messages, dropped } = trimHistory(history(letters), { limit, target, sizeOf: () => 1 });
  expect(messages).toHaveLength(letters.length - dropped);
  return messages.map(({ content }) => content).join(' ');
}

describe('trimHistory', () => {
  test('does not change a history that fits', () => {
    const messages = history('suaua');
    expect(trimHistory(messages, { limit: 5, target: 1, sizeOf: () => 1 })).toEqual({ messages, dropped: 0 });
    expect(trimmed('', 0)).toBe('');
  });

  test('drops whole turns, oldest first', () => {
    expect(trimmed('suauau', 5)).toBe('s0 u3 a4 u5');
    expect(trimmed('suauau', 3)).toBe('s0 u5');
  });

  test('cuts to the target once the limit is exceeded', () => {
    expect(trimmed('uauauauau', 8, 5)).toBe('u4 a5 u6 a7 u8');
  });

  test('keeps a call together with its results', () => {
    expect(trimmed('ucttauctau', 9)).toBe('u5 c6 t7 a8 u9');
    expect(trimmed('uauctct', 4)).toBe('u2 c3 t4 c5 t6');
  });

  test('keeps the last turn and every system message, even if they alone are too big', () => {
    expect(trimmed('suasuctt', 1)).toBe('s0 s3 u4 c5 t6 t7');
  });

  test('treats messages before the first question as a turn', () => {
    expect(trimmed('sauau', 4)).toBe('s0 u2 a3 u4');
    expect(trimmed('ctau', 1)).toBe('u3');
    expect(trimmed('act', 1)).toBe('a0 c1 t2');
  });
});
