import { expect, test } from 'vitest';
import { lineDiff } from './line-diff.ts';

test('whole lines that were added or removed are shown, with the number of the first', () => {
  expect(lineDiff('a\nb\nc\n', 'a\nx\ny\nc\n')).toEqual(['line 2:', '- b', '+ x', '+ y']);
});

test('of a single long line, only what changed is shown', () => {
  const [before, after] = [`{${'"a":1,'.repeat(50)}`, `${'"z":1,'.repeat(50)}}`];
  const [out, into] = lineDiff(`${before}"old"${after}`, `${before}"new"${after}`).slice(1);
  expect([out, into]).toEqual([
    expect.stringMatching(/^- ….{0,20}"old".{0,20}…$/),
    expect.stringMatching(/^\+ ….{0,20}"new".{0,20}…$/),
  ]);
  expect(lineDiff('{"a":1}', '{"a":1,"b":2}')).toEqual(['line 1:', '- {"a":1}', '+ {"a":1,"b":2}']);
});

test.each([
  '"DOCS_API_KEY": "sesame"',
  "docs_token = 'sesame'",
  '"args": ["-y", "docs", "--api-key", "sesame"]',
  '"args": ["-y", "docs", "--token=sesame"]',
  '"--header", "Authorization: Bearer sesame"',
  '"url": "https://me:sesame@box/mcp"',
  'password: sesame',
])('secrets are hidden: %s', (line) => {
  const shown = lineDiff('', `${line}\n`).join('\n');
  expect(shown).toContain('…');
  expect(shown).not.toContain('sesame');
});

test.each(['"command": "npx"', '"args": ["-y", "@ollama-toolbelt/mcp-server"]', '"url": "http://box:11434/mcp"'])(
  'other lines are shown as they are: %s',
  (line) => expect(lineDiff('', `${line}\n`)).toEqual(['line 1:', `+ ${line}`]),
);
