import { describe, expect, test } from 'vitest';
import type { Progress } from '../tools/tool-context.ts';
import { type Ask, CallAgain, confirmBy, Question, Unconfirmed } from './confirm.ts';

const action = { question: 'Delete the model x?', name: 'x', confirm: 'x' };
const unnamed = { ...action, confirm: undefined };
const never = new AbortController().signal;

function watched() {
  const reports: string[] = [];
  const progress: Progress = { report: (done, message) => reports.push(`${done} ${message}`) };
  return { reports, progress };
}

const confirmWith = (ask: Ask | undefined, signal = never) => confirmBy(ask, signal, watched().progress);

test('while the question is open, progress says that the call waits for the person', async () => {
  const { reports, progress } = watched();
  // An exception in here would count as a client that cannot ask.
  let meanwhile: string[] = [];
  const ask = async () => {
    meanwhile = [...reports];
    return 'accept' as const;
  };
  await confirmBy(ask, never, progress)(action);
  expect(meanwhile).toEqual(['0 waiting for the user to answer']);
  expect(reports.at(-1)).toBe('0 waiting for Ollama');
});

test('if nobody can be asked, progress does not mention a person', async () => {
  const { reports, progress } = watched();
  await confirmBy(undefined, never, progress)(action);
  expect(reports).toEqual([]);
});

describe('if the person is asked', () => {
  test('their answer counts, not the argument of the call', async () => {
    const asked: unknown[] = [];
    const ask: Ask = async (question, signal) => {
      asked.push(question, signal);
      return 'accept';
    };
    await confirmWith(ask)(unnamed);
    expect(asked).toEqual(['Delete the model x?', never]);
  });

  test.each([
    ['decline', 'The user declined, so nothing was changed: Delete the model x?'],
    ['cancel', 'The user closed the question without an answer, so nothing was changed: Delete the model x?'],
  ] as const)('%s refuses, though the call names the model', async (reply, message) => {
    const refused = confirmWith(async () => reply)(action);
    await expect(refused).rejects.toMatchObject({ message, hint: expect.stringContaining('--confirm argument') });
    await expect(refused).rejects.not.toBeInstanceOf(Unconfirmed);
  });

  test('a question that needs another call ends this one', async () => {
    const again = new Question('ask');
    const asked = confirmWith(() => Promise.reject(again))(action);
    await expect(asked).rejects.toBe(again);
    expect(again).toBeInstanceOf(CallAgain);
  });

  test('if the client fails to ask, the argument of the call decides', async () => {
    const failing = confirmWith(() => Promise.reject(new Error('no window')));
    await failing(action);
    await expect(failing(unnamed)).rejects.toThrow('This needs confirmation: Delete the model x?');
  });

  test('a call that is cancelled meanwhile ends with the reason, even if it names the model', async () => {
    const controller = new AbortController();
    const ask = () => {
      controller.abort(new Error('left'));
      return Promise.reject(new Error('no window'));
    };
    await expect(confirmWith(ask, controller.signal)(action)).rejects.toThrow('left');
  });
});

describe('if nobody is asked', () => {
  test.each(['x', 'x:latest'])('a call that names the model may do it: %s', async (confirm) => {
    await confirmWith(undefined)({ ...action, confirm });
  });

  test('a name that is only a tag needs one too', async () => {
    const nameless = confirmWith(undefined)({ ...unnamed, name: ':latest' });
    await expect(nameless).rejects.toBeInstanceOf(Unconfirmed);
  });

  test.each([
    [undefined, 'This needs confirmation: Delete the model x?'],
    ['y', 'confirm names another model: Delete the model x?'],
    ['', 'confirm names another model: Delete the model x?'],
  ])('any other value gives an error with the right one: %s', async (confirm, message) => {
    await expect(confirmWith(undefined)({ ...action, confirm })).rejects.toMatchObject({
      message,
      hint: 'To do it, repeat the call with confirm: "x".',
      question: 'Delete the model x?',
      confirm: 'x',
    });
  });
});
