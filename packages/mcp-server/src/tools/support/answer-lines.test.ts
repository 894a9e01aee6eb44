import { expect, test } from 'vitest';
import { AnswerLines } from './answer-lines.ts';

function linesIn(content: string) {
  let written = content;
  const lines = new AnswerLines({
    path: 'out.jsonl',
    content,
    append: async (text) => {
      written += text;
    },
    replace: async (text) => {
      written = text;
    },
    close: async () => {},
  });
  return { lines, written: () => written };
}

test('several answers may be added at once after a line that was not completed', async () => {
  const begun = '{"file":"a.md","te';
  const { lines, written } = linesIn(begun);
  await Promise.all(['a.md', 'b.md'].map((file) => lines.add({ file, key: 'k', text: 'x' })));
  const [first, ...others] = written().split('\n').filter(Boolean);
  expect(first).toBe(begun);
  expect(others.map((line) => (JSON.parse(line) as { file: string }).file)).toEqual(['a.md', 'b.md']);
  await lines.tidy(['a.md', 'b.md']);
  expect(written()).toBe(`${others.join('\n')}\n`);
});

test('the time for an answer does not grow with the number of answers', async () => {
  const { lines } = linesIn('');
  const text = 'é'.repeat(2000);
  const before = process.cpuUsage();
  for (let index = 0; index < 4000; index++) await lines.add({ file: `${index}.md`, key: 'k', text });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(2000);
});
