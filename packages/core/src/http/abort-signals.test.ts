import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { checkSignal, linkSignals, onAbort, throwIfAborted, unlessAborted } from './abort-signals.ts';

const listenersOf = ({ signal }: AbortController) => getEventListeners(signal, 'abort').length;
const reason = new RangeError('enough');

describe('onAbort', () => {
  test('calls back once, and counts each callback separately', () => {
    const controller = new AbortController();
    const called: string[] = [];
    const callback = () => called.push('a');
    onAbort(controller.signal, callback);
    onAbort(controller.signal, callback);
    onAbort(controller.signal, () => called.push('b'));
    expect(called).toEqual([]);
    controller.abort();
    expect(called).toEqual(['a', 'a', 'b']);
    expect(listenersOf(controller)).toBe(0);
  });

  test('all callbacks share one listener, which is removed with the last of them', () => {
    const controller = new AbortController();
    const called: string[] = [];
    const [first, second] = ['a', 'b'].map((name) => onAbort(controller.signal, () => called.push(name)));
    expect(listenersOf(controller)).toBe(1);
    first?.();
    // Releasing twice has no further effect.
    first?.();
    expect(listenersOf(controller)).toBe(1);
    second?.();
    expect(listenersOf(controller)).toBe(0);
    onAbort(controller.signal, () => called.push('c'));
    expect(listenersOf(controller)).toBe(1);
    second?.();
    expect(listenersOf(controller)).toBe(1);
    controller.abort();
    expect(called).toEqual(['c']);
  });

  test('a released callback is not called, the others are', () => {
    const controller = new AbortController();
    const called: string[] = [];
    const [first] = ['a', 'b'].map((name) => onAbort(controller.signal, () => called.push(name)));
    first?.();
    controller.abort();
    expect(called).toEqual(['b']);
  });

  test('a callback added during or after the abort is not called', () => {
    const controller = new AbortController();
    const called: string[] = [];
    onAbort(controller.signal, () => {
      called.push('a');
      onAbort(controller.signal, () => called.push('b'));
    });
    controller.abort();
    onAbort(controller.signal, () => called.push('c'))();
    expect(called).toEqual(['a']);
  });
});

test('what is not a signal is rejected, and the error says what to pass', () => {
  const error = {
    name: 'OllamaError',
    code: 'bad_request',
    message: 'signal is not an AbortSignal.',
    hint: expect.stringContaining('controller.signal'),
    option: 'signal',
  };
  for (const wrong of [new AbortController(), {}, 'signal', null, undefined]) {
    expect(() => checkSignal(wrong as never)).toThrow(expect.objectContaining(error));
    expect(() => onAbort(wrong as never, () => {})).toThrow(expect.objectContaining(error));
  }
  const { signal } = new AbortController();
  expect(checkSignal(signal)).toBe(signal);
});

test('throwIfAborted throws the reason', () => {
  throwIfAborted(undefined);
  throwIfAborted(new AbortController().signal);
  expect(() => throwIfAborted(AbortSignal.abort(reason))).toThrow(reason);
});

describe('linkSignals', () => {
  test('aborts with the first of them, with its reason', () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const { signal } = linkSignals(one.signal, undefined, null as never, other.signal);
    expect(signal.aborted).toBe(false);
    other.abort(reason);
    one.abort('later');
    expect(signal.reason).toBe(reason);
  });

  test('aborts at once if one has aborted already, and then adds no further listeners', () => {
    const other = new AbortController();
    expect(linkSignals(AbortSignal.abort(reason), other.signal).signal.reason).toBe(reason);
    expect(linkSignals().signal.aborted).toBe(false);
  });

  test('releases all of them', () => {
    const controllers = [new AbortController(), new AbortController()];
    const { signal, unlink } = linkSignals(...controllers.map((one) => one.signal));
    expect(controllers.map(listenersOf)).toEqual([1, 1]);
    unlink();
    expect(controllers.map(listenersOf)).toEqual([0, 0]);
    for (const one of controllers) one.abort();
    expect(signal.aborted).toBe(false);
  });
});

describe('unlessAborted', () => {
  const never = new Promise<never>(() => {});

  test('settles as the promise does, and leaves no listener', async () => {
    const controller = new AbortController();
    expect(await unlessAborted(Promise.resolve(1), controller.signal)).toBe(1);
    await expect(unlessAborted(Promise.reject(reason), controller.signal)).rejects.toBe(reason);
    expect(listenersOf(controller)).toBe(0);
  });

  test('rejects with the reason of the signal, whether it aborts before or while waiting, and leaves no listener', async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(never, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(unlessAborted(Promise.resolve(1), controller.signal)).rejects.toBe(reason);
    expect(listenersOf(controller)).toBe(0);
  });

  test('a promise that rejects after the abort is not reported as unhandled', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    let fail = (_: unknown) => {};
    const late = new Promise<never>((_, reject) => {
      fail = reject;
    });
    await expect(unlessAborted(late, AbortSignal.abort(reason))).rejects.toBe(reason);
    fail(new Error('late'));
    await new Promise(setImmediate);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
