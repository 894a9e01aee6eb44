import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const page = await readFile(new URL('../../docs/scaling/what-to-expect.md', import.meta.url), 'utf8');

/** The page's own example: how much each person asks, how long an answer takes, how busy slots may be. */
const QUESTIONS_AN_HOUR = 12;
const ANSWER_SECONDS = 20;
const BUSY = 0.7;
const SLOTS_A_SERVER = 4;

const rows = [...page.matchAll(/^\| ([\d,]+) people \| ([\d.]+) \| (\d+) \| (\d+) \|$/gm)].map((row) =>
  row.slice(1).map((text) => Number(text.replaceAll(',', ''))),
);

test('the page has ten, a hundred, a thousand and ten thousand people', () => {
  expect(rows.map(([people]) => people)).toEqual([10, 100, 1000, 10_000]);
  expect(page).toContain(`${QUESTIONS_AN_HOUR} questions an hour`);
  expect(page).toContain(`${ANSWER_SECONDS} seconds`);
});

test.each(rows)('the arithmetic for %i people is right', (people = 0, busy, slots, servers) => {
  const answersAtATime = (people * QUESTIONS_AN_HOUR * ANSWER_SECONDS) / 3600;
  const needed = Math.ceil(answersAtATime / BUSY);
  expect([busy, slots, servers]).toEqual([
    Number(answersAtATime.toFixed(1)),
    needed,
    Math.ceil(needed / SLOTS_A_SERVER),
  ]);
});
