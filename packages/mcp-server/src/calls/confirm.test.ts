import { expect, test } from 'vitest';
import type { Progress } from '../tools/tool-context.ts';
import { confirmBy } from './confirm.ts';

const deed = { question: 'Delete the model x?', name: 'x', confirm: 'x' };

function watched() {
  const told: string[] = [];
  const progress: Progress = { report: (_, message) => told.push(message) };
  return { told, progress };
}

test('progress says that the person is waited for as long as the question is open', async () => {
  const { told, progress } = watched();
  const { signal } = new AbortController();
  const ask = async () => {
    expect(told).toEqual(['waiting for the person to answer']);
    return 'accept' as const;
  };
  await confirmBy(ask, signal, progress)(deed);
  expect(told.at(-1)).toBe('waiting for Ollama');
});

test('if nobody can be asked, progress says nothing of a person', async () => {
  const { told, progress } = watched();
  await confirmBy(undefined, new AbortController().signal, progress)(deed);
  expect(told).toEqual([]);
});
