import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trimHistory } from '../../packages/core/src/conversation/trim-history.ts';
import type { Message } from '../../packages/core/src/schemas/message.ts';

/** Each message starts with a number, so its order and group can be checked after the cut. */
type Kind = { role: Message['role']; content: string; calls?: number };

const content = fc.nat(40).map((length) => '.'.repeat(length));
const system = fc.record({ role: fc.constant('system' as const), content });
const answer = fc.record({ role: fc.constant('assistant' as const), content });
/** An answer that calls one to three tools, with all their results. */
const toolGroup = fc
  .tuple(content, fc.array(content, { minLength: 1, maxLength: 3 }))
  .map(([text, results]): Kind[] => [
    { role: 'assistant', content: text, calls: results.length },
    ...results.map((content): Kind => ({ role: 'tool', content })),
  ]);
const turn = fc
  .tuple(content, fc.array(toolGroup, { maxLength: 3 }), fc.option(answer, { nil: undefined }))
  .map(([text, groups, last]): Kind[] => [{ role: 'user', content: text }, ...groups.flat(), ...(last ? [last] : [])]);

const history = fc
  .tuple(
    fc.option(system, { nil: undefined }),
    // A greeting or tool calls may come before the first question; system messages anywhere between turns.
    fc.array(fc.oneof(toolGroup, fc.tuple(answer)), { maxLength: 2 }),
    fc.array(fc.oneof({ weight: 8, arbitrary: turn }, { weight: 1, arbitrary: fc.tuple(system) }), { maxLength: 12 }),
  )
  .map(([first, opening, turns]) =>
    [...(first ? [first] : []), ...opening.flat<Kind[][]>(), ...turns.flat<Kind[][]>()].map(
      ({ calls, ...message }: Kind, index): Message => {
        const tool_calls = Array.from({ length: calls ?? 0 }, () => ({ function: { name: 'look', arguments: {} } }));
        return { ...message, content: `${index} ${message.content}`, ...(calls && { tool_calls }) };
      },
    ),
  );

const limits = fc
  .tuple(fc.integer({ min: -20, max: 1500 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([limit, share]) => ({ limit, target: Math.floor(limit * share), sizeOf }));

const sizeOf = ({ content, tool_calls = [] }: Message) => 4 + (content ?? '').length + 10 * tool_calls.length;
const sizeOfAll = (messages: readonly Message[]) => messages.reduce((sum, message) => sum + sizeOf(message), 0);
const indexOf = ({ content }: Message) => Number((content ?? '').split(' ', 1)[0]);

/**
 * What must stay whatever the limit: system messages, and everything from the last question on; without one,
 * everything.
 */
function keptAnyway(messages: readonly Message[]): readonly Message[] {
  const lastQuestion = messages.findLastIndex(({ role }) => role === 'user');
  return messages.filter(({ role }, index) => role === 'system' || index >= lastQuestion);
}

test('any valid conversation is trimmed correctly', () => {
  fc.assert(
    fc.property(history, limits, (messages, bounds) => {
      const before = structuredClone(messages);
      const { messages: kept, dropped } = trimHistory(messages, bounds);

      // It does not change its input, and reports how much it dropped.
      expect(messages).toEqual(before);
      expect(dropped).toBe(messages.length - kept.length);

      // It fits, unless only messages that must stay are left. If anything is cut, the same applies to the target.
      const isLeast = kept.length === keptAnyway(messages).length;
      expect(sizeOfAll(kept) <= bounds.limit || isLeast).toBe(true);
      expect(dropped === 0 || sizeOfAll(kept) <= bounds.target || isLeast).toBe(true);

      // Nothing is cut without need.
      if (sizeOfAll(messages) <= bounds.limit) expect(kept).toEqual(messages);

      // The same messages in the same order, including all that must stay.
      expect(kept.every((message) => messages.includes(message))).toBe(true);
      expect(kept.map(indexOf)).toEqual(kept.map(indexOf).toSorted((a, b) => a - b));
      expect(keptAnyway(messages).every((message) => kept.includes(message))).toBe(true);

      // The dropped part is the beginning: apart from system messages, the rest has no gap.
      const indexes = new Set(kept.map(indexOf));
      const spoken = messages.filter(({ role }) => role !== 'system');
      const firstKept = spoken.findIndex((message) => indexes.has(indexOf(message)));
      const isGapless = firstKept < 0 || spoken.slice(firstKept).every((message) => kept.includes(message));
      expect(isGapless).toBe(true);

      // No tool group is cut: each call is followed by all its results, and each result has its call before it.
      for (const [index, message] of messages.entries()) {
        for (let offset = 1; offset <= (message.tool_calls?.length ?? 0); offset++) {
          expect(indexes.has(index + offset)).toBe(indexes.has(index));
        }
      }

      // Nor is a turn: it begins with its question.
      if (dropped > 0) expect(kept.find(({ role }) => role !== 'system')?.role).toBe('user');

      // A second trim changes nothing.
      expect(trimHistory(kept, bounds)).toEqual({ messages: kept, dropped: 0 });
    }),
    { numRuns: 1000 },
  );
});
