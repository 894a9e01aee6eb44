import { createOllama, OllamaAbortError } from '@ollama-toolbelt/core/node';
import { failWith, type Gate, gate } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { jumpingClient } from '../fixtures/core/jumping-clock.ts';
import { useScripted } from '../fixtures/scripted.ts';

const fresh = useScripted({ concurrency: 2, retry: false });

const ask = (name: string) => ({ model: 'chat-model', messages: [{ role: 'user' as const, content: name }] });
const asked = () =>
  fresh.server.requestsTo('/api/chat').map(({ body }) => (body as ReturnType<typeof ask>).messages[0]!.content);

/** Responses that begin when their first gate opens, and end when their second one does. */
function slowAnswers(count: number): { begin: Gate; end: Gate }[] {
  return Array.from({ length: count }, () => {
    const gates = { begin: gate(), end: gate() };
    fresh.server.chat({ text: [gates.begin, 'Hel', gates.end, 'lo'] });
    return gates;
  });
}

/** Everything sent before has reached the server once this is answered. */
const barrier = async () => {
  for (let turn = 0; turn < 3; turn += 1) await fresh.ollama.version();
};

test('a cold model gets one call, and the maximum once it responds', async () => {
  const gates = slowAnswers(4);
  const answers = ['a', 'b', 'c', 'd'].map((name) => fresh.ollama.chat(ask(name)));
  await gates[0]!.begin.reached;
  await barrier();
  expect(asked()).toEqual(['a']);
  gates[0]!.begin.release();
  await gates[1]!.begin.reached;
  await barrier();
  expect(asked()).toEqual(['a', 'b']);
  gates[0]!.end.release();
  await gates[2]!.begin.reached;
  await barrier();
  expect(asked()).toEqual(['a', 'b', 'c']);
  for (const { begin, end } of gates) {
    begin.release();
    end.release();
  }
  await Promise.all(answers);
  expect(asked()).toEqual(['a', 'b', 'c', 'd']);
});

test('each model has its own queue, under any of its names', async () => {
  const [first] = slowAnswers(1) as [{ begin: Gate; end: Gate }];
  const running = fresh.ollama.chat(ask('a'));
  await first.begin.reached;
  const same = ['chat-model:latest', 'CHAT-MODEL', 'registry.ollama.ai/library/chat-model'].map((model) =>
    fresh.ollama.generate({ model, prompt: 'x' }),
  );
  // Other models, and calls that run no model, pass.
  await fresh.ollama.chat({ ...ask('b'), model: 'thinking-model' });
  await fresh.ollama.embed({ model: 'embedding-model', input: 'x' });
  await fresh.ollama.show({ model: 'chat-model' });
  await barrier();
  expect(fresh.server.requestsTo('/api/generate')).toEqual([]);
  first.begin.release();
  first.end.release();
  await Promise.all([running, ...same]);
});

test('a caller that cancels in the queue is forgotten, and nothing is sent for it', async () => {
  const gates = slowAnswers(2);
  const controller = new AbortController();
  const first = fresh.ollama.chat(ask('a'));
  await gates[0]!.begin.reached;
  const second = fresh.ollama.chat(ask('b'), { signal: controller.signal });
  const third = fresh.ollama.chat(ask('c'));
  controller.abort(new RangeError('enough'));
  const error = await second.catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(OllamaAbortError);
  expect(error).toMatchObject({ code: 'aborted', phase: 'queue', cause: new RangeError('enough') });
  for (const { begin, end } of gates) {
    begin.release();
    end.release();
  }
  await Promise.all([first, third]);
  expect(asked()).toEqual(['a', 'c']);
});

test('a caller that cancels a running call removes nobody from the queue', async () => {
  const [first] = slowAnswers(1) as [{ begin: Gate; end: Gate }];
  const controllers = Array.from({ length: 2 }, () => new AbortController());
  const [inside, next] = controllers.map(({ signal }, index) => fresh.ollama.chat(ask('ab'[index]!), { signal }));
  await first.begin.reached;
  const [second] = slowAnswers(1) as [{ begin: Gate; end: Gate }];
  const others = ['c', 'd'].map((name) => fresh.ollama.chat(ask(name)));
  const failures = [inside!, next!].map((call) => expect(call).rejects.toMatchObject({ code: 'aborted' }));
  // The first started at once, the second from the queue.
  controllers[0]!.abort();
  await second.begin.reached;
  controllers[1]!.abort();
  await Promise.all([...failures, ...others]);
  expect(asked()).toEqual(['a', 'b', 'c', 'd']);
});

test('leaving a stream while it waits frees one slot, not two', async () => {
  await fresh.ollama.chat(ask('warm'));
  const gates = slowAnswers(4);
  const left = fresh.ollama.chatStream(ask('a'));
  const read = left.next();
  await gates[0]!.begin.reached;
  await left.return();
  await read;
  const answers = ['b', 'c', 'd'].map((name) => fresh.ollama.chat(ask(name)));
  await Promise.all([gates[1]!.begin.reached, gates[2]!.begin.reached]);
  await barrier();
  expect(asked()).toEqual(['warm', 'a', 'b', 'c']);
  for (const { begin, end } of gates) {
    begin.release();
    end.release();
  }
  await Promise.all(answers);
});

test('the time in the queue counts for the total deadline', async () => {
  const gates = slowAnswers(1);
  const first = fresh.ollama.chat(ask('a'));
  await gates[0]!.begin.reached;
  const late = fresh.ollama.chat(ask('b'), { timeouts: { totalMs: 20 } });
  await expect(late).rejects.toMatchObject({ code: 'timeout', phase: 'total' });
  gates[0]!.begin.release();
  gates[0]!.end.release();
  await first;
  expect(asked()).toEqual(['a']);
});

test('a failure, and leaving a stream, let the next call start', async () => {
  fresh.server.chat(failWith(500, 'no'));
  const failed = fresh.ollama.chat(ask('a'));
  const stream = fresh.ollama.chatStream(ask('b'));
  await expect(failed).rejects.toMatchObject({ code: 'server_error' });
  for await (const _ of stream) break;
  await Promise.all(['c', 'd', 'e'].map((name) => fresh.ollama.chat(ask(name))));
  expect(asked()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a model without calls for five minutes counts as cold again', async () => {
  const { ollama: timed, pass } = jumpingClient({ host: fresh.server.host, concurrency: 2 });
  await timed.chat(ask('warm'));
  pass(300_001);
  const gates = slowAnswers(2);
  const both = [timed.chat(ask('a')), timed.chat(ask('b'))];
  await gates[0]!.begin.reached;
  await barrier();
  expect(asked()).toEqual(['warm', 'a']);
  for (const { begin, end } of gates) {
    begin.release();
    end.release();
  }
  await Promise.all(both);
});

test('without a limit all calls start at once', async () => {
  await using free = createOllama({ host: fresh.server.host });
  const gates = slowAnswers(8);
  const answers = gates.map((_, index) => free.chat(ask(String(index))));
  // With a limit, the others would only start after the first ends, which it never does.
  await expect.poll(() => asked().length).toBe(8);
  for (const { begin, end } of gates) {
    begin.release();
    end.release();
  }
  await Promise.all(answers);
});
