import { getEventListeners } from 'node:events';
import {
  OllamaConnectionError,
  type OllamaError,
  OllamaHttpError,
  OllamaStreamError,
  OllamaTimeoutError,
} from '@ollama-toolbelt/core/neutral';
import { faults, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { chunksOf } from '../fixtures/core/calls.ts';
import { transports } from '../fixtures/core/clients.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { secret } from '../fixtures/core/secrets.ts';
import { type Fault, factsOf } from '../fixtures/faults/fault.ts';
import { blobsHas, type FaultCall, faultCalls, lineCalls, routeOf } from '../fixtures/faults/fault-calls.ts';
import { startFaultServer } from '../fixtures/faults/fault-server.ts';
import {
  bodies,
  harmless,
  midStream,
  statuses,
  unknownModel,
  unreachable,
  withoutAnswer,
} from '../fixtures/faults/faults-table.ts';
import { watchTimers } from '../fixtures/faults/pending-timers.ts';

const classes = { OllamaConnectionError, OllamaHttpError, OllamaStreamError, OllamaTimeoutError };

/** A response to HEAD has no body, so only its status and headers say what is wrong. */
const withoutBody: readonly Fault[] = statuses
  .filter(({ expected }) => expected.code !== 'not_found')
  .map((fault) => ({ ...fault, expected: { ...fault.expected, ...headOnly(fault) } }));

describe.each(transports)('on $transport', ({ transport, createOllama }) => {
  /** Runs both forms of an operation against a fault, and checks the errors against the table. */
  async function expectFailures(fault: Fault, call: FaultCall): Promise<void> {
    await expectFailure(fault, call, call.whole);
    if (call.stream) await expectFailure(fault, call, call.stream);
  }

  async function expectFailure(
    fault: Fault,
    call: FaultCall,
    form: FaultCall['whole'] | NonNullable<FaultCall['stream']>,
  ): Promise<void> {
    await using faulty = await startFaultServer(fault);
    faulty.failNext(call);
    const ollama = createOllama({ host: faulty.host, apiKey: secret.key, retry: false, maxLineBytes: 1000 });
    using timers = watchTimers();
    const { signal } = new AbortController();
    const error = await failureOf(form(ollama, { signal, ...(fault.timeouts && { timeouts: fault.timeouts }) }));
    expect(timers.count, 'timers that are left').toBe(0);
    expect(getEventListeners(signal, 'abort'), 'listeners that are left').toHaveLength(0);
    const { expected } = fault;
    expect(error).toBeInstanceOf(classes[expected.class]);
    expect(error).toMatchObject(factsOf(expected));
    expect(error.url).toBe(faulty.host);
    expect(error.route).toContain(call.shownRoute ?? `${call.method} ${call.path}`);
    expect(error.message).toMatch(expected.message);
    expect(error.message).toContain(call.shownRoute ?? `${call.method} ${call.path} at ${faulty.host}`);
    expect(error.message).toContain(` at ${faulty.host}`);
    if (expected.hint) expect(error.hint).toMatch(expected.hint);
    else expect(error.hint).toBeUndefined();
    if (call.modelless) expect(error.model).toBeUndefined();
    else expect(error.model).toMatch(/-model$/);
    if (fault.lines) expectPartial(error, call, fault.lines);
    // One request, and nothing of it is left open.
    const outcomes = await faulty.outcomes(call);
    // On a busy machine a deadline may pass before the request is sent.
    if (fault.stalls) expect(['aborted', undefined]).toContain(outcomes[0]);
    else expect(outcomes).toHaveLength(fault.unreachable ? 0 : 1);
    await ollama.close();
    // The platform's fetch keeps its connections for others in the process.
    if (transport === 'node') await faulty.noSockets();
  }

  describe.each(faultCalls)('$name', (call) => {
    const expected = [...unreachable, ...withoutAnswer, ...statuses, ...bodies].filter(
      ({ name }) => !call.except?.[name],
    );
    test.each(expected)('$name', (fault) => expectFailures(fault, call));
  });

  describe.each(lineCalls)('$name', (call) => {
    test.each([...midStream, unknownModel])('$name', (fault) => expectFailures(fault, call));

    test.each(harmless)('nothing is wrong with $name', async ({ reply }) => {
      await using server = await startScripted();
      await using ollama = createOllama({ host: server.host, retry: false });
      if (call.stream) {
        server.on(routeOf(call), reply());
        expect(await chunksOf(call.stream(ollama))).toHaveLength(3);
      }
      server.on(routeOf(call), reply());
      const answer = await call.whole(ollama);
      expect(answer).toMatchObject(isProgress(call) ? { status: 'success' } : { done: true, ...hello(call) });
      await server.allClosed();
    });
  });

  describe('blobs.has', () => {
    const unread = bodies.filter(({ expected }) => expected.status === 200);
    test.each([...unreachable, ...withoutAnswer, ...withoutBody, ...unread.map(untitled)])('$name', (fault) =>
      expectFailures(fault, blobsHas),
    );
    test('a 404 is not an error: the blob is not there', async () => {
      await using server = await startScripted();
      await using ollama = createOllama({ host: server.host, retry: false });
      server.on(routeOf(blobsHas), faults.routeNotFound());
      expect(await blobsHas.whole(ollama)).toEqual({ has: false });
    });
  });
});

const isProgress = ({ path }: FaultCall) => path !== '/api/chat' && path !== '/api/generate';

const hello = ({ path }: FaultCall) =>
  path === '/api/chat' ? { message: { content: 'Hello' } } : { response: 'Hello' };

/** The error has what arrived before the fault, in the shape of a response. */
function expectPartial({ partial }: OllamaError, call: FaultCall, lines: 1 | 2): void {
  const text = lines === 1 ? 'Hel' : 'Hello';
  if (call.path === '/api/chat') expect(partial).toMatchObject({ message: { content: text }, done: false });
  else if (call.path === '/api/generate') expect(partial).toMatchObject({ response: text, done: false });
  else expect(partial).toMatchObject(lines === 1 ? { status: 'pulling manifest' } : { completed: 1000 });
}

/** The expected error when no body arrives. */
function headOnly({ expected }: Fault): Partial<Fault['expected']> {
  const { status, code, also } = expected;
  if (code === 'redirect') return {};
  if (expected.message.source.startsWith('^a web page'))
    return { message: new RegExp(`^a web page \\(status ${status}, `) };
  const changes = { message: new RegExp(`^The server gave no reason \\(status ${status}, `) };
  if (status === 400 || status === 422) return { ...changes, code: 'bad_request', hint: /gives no details/, also: {} };
  if (code === 'quota_exceeded') return { ...changes, code: 'rate_limited', hint: /Wait a moment/, retryable: true };
  return { ...changes, ...(also && { also: { ...also, signinUrl: undefined } }) };
}

/** The title of a page is in its body. */
function untitled(fault: Fault): Fault {
  return { ...fault, expected: { ...fault.expected, message: /Expected JSON from Ollama, got a web page \(/ } };
}
