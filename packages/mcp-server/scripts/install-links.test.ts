import { expect, test } from 'vitest';
import { cursorLink, vscodeLink } from './install-links.ts';

const launch = { command: 'npx', args: ['-y', '@scope/server', '--flag=a b&c'] };
const query = (link: string) => Object.fromEntries(new URL(link).searchParams);

test('the VS Code link contains the same entry as its settings file', () => {
  const { name, config = '' } = query(vscodeLink('ollama', launch));
  expect(name).toBe('ollama');
  expect(JSON.parse(config)).toEqual({ type: 'stdio', ...launch });
});

test('the Cursor link contains the entry as base64', () => {
  const { name, config = '' } = query(cursorLink('ollama', launch));
  expect(name).toBe('ollama');
  expect(JSON.parse(Buffer.from(config, 'base64').toString())).toEqual(launch);
});

test('neither link breaks the Markdown around it', () => {
  for (const link of [vscodeLink('ollama', launch), cursorLink('ollama', launch)])
    expect(link).not.toMatch(/[\s()<>"]/);
});
