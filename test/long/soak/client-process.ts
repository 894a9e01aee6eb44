/**
 * The client side of the soak, in a separate process, so only the client's memory and handles are measured:
 * node --expose-gc --conditions=source client-process.ts HOST DEAD_HOST SEED COUNT. Prints a report as JSON.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createOllama as createOnFetch } from '@ollama-toolbelt/core/fetch';
import { type ClientOptions, type Ollama, OllamaError } from '@ollama-toolbelt/core/neutral';
import { createOllama as createOnNode } from '@ollama-toolbelt/core/node';
import { faultHeader, planOf, played, type Step } from './plan.ts';

export interface SoakReport {
  /** Counts of each outcome: a code, or `answer`. */
  outcomes: Record<string, number>;
  /** Calls that did not end as planned. */
  wrong: string[];
  /** Used heap after each half, in bytes. */
  heap: [number, number];
  resources: { before: string[]; after: string[] };
  rejections: string[];
  warnings: string[];
}

const AT_ONCE = 32;
const [host = '', deadHost = '', seed = '1', count = '100'] = process.argv.slice(2);

const rejections: string[] = [];
const warnings: string[] = [];
process.on('unhandledRejection', (reason) => rejections.push(String(reason)));
process.on('warning', (warning) => warnings.push(`${warning.name}: ${warning.message}`));

const before = process.getActiveResourcesInfo();
const options: ClientOptions = { host, retry: { attempts: 1, minDelayMs: 1, maxDelayMs: 5 } };
const clients: Record<Step['client'], Ollama> = {
  node: createOnNode(options),
  limited: createOnNode({ ...options, concurrency: 4, rateLimit: { calls: 1000, periodMs: 1000 } }),
  fetch: createOnFetch(options),
  'short lines': createOnNode({ ...options, maxLineBytes: 1000 }),
  'nobody there': createOnNode({ ...options, host: deadHost }),
};
const report: Omit<SoakReport, 'heap' | 'resources'> = { outcomes: {}, wrong: [], rejections, warnings };

const plan = planOf(Number(seed), Number(count));
const half = Math.floor(plan.length / 2);
await playAll(plan.slice(0, half));
const first = await usedHeap();
await playAll(plan.slice(half));
const second = await usedHeap();
await Promise.all(Object.values(clients).map((client) => client.close()));
const resources = { before, after: await settledResources() };
console.log(JSON.stringify({ ...report, heap: [first, second], resources } satisfies SoakReport));

async function playAll(steps: readonly Step[]): Promise<void> {
  const rest = steps[Symbol.iterator]();
  const worker = async () => {
    for (const step of rest) await play(step);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function play(step: Step): Promise<void> {
  const outcome = await outcomeOf(step);
  report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1;
  const asPlanned = step.expected.length === 0 || (step.expected as string[]).includes(outcome);
  if (asPlanned && !outcome.startsWith('strange')) return;
  const fault = step.fault === undefined ? 'no fault' : played[step.fault]?.name;
  report.wrong.push(`${step.call.name} (${step.form}, ${step.client}, ${fault}): ${outcome}, not ${step.expected}`);
}

async function outcomeOf({ call, form, client, fault, abortAfterMs, leaveAfter }: Step): Promise<string> {
  const controller = new AbortController();
  const timer = abortAfterMs === undefined ? undefined : setTimeout(() => controller.abort('enough'), abortAfterMs);
  const { timeouts, expected } = (fault === undefined ? undefined : played[fault]) ?? {};
  const options = {
    signal: controller.signal,
    ...(fault !== undefined && { headers: { [faultHeader]: String(fault) } }),
    ...(timeouts && { timeouts }),
    // Its delay of seconds would only make the test longer.
    ...(expected?.code === 'rate_limited' && { retry: false as const }),
  };
  try {
    if (form === 'whole') await call.whole(clients[client], options);
    else {
      let left = leaveAfter ?? Number.POSITIVE_INFINITY;
      for await (const _ of call.stream?.(clients[client], options) ?? []) if (left-- === 0) break;
    }
    return 'answer';
  } catch (error) {
    return error instanceof OllamaError ? error.code : `strange: ${error}`;
  } finally {
    clearTimeout(timer);
  }
}

/** Collects twice, with a turn of the event loop between, because the first collection only releases some objects. */
async function usedHeap(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.();
    await pause(20);
  }
  return process.memoryUsage().heapUsed;
}

/** Waits, because closed sockets leave the list a moment later. */
async function settledResources(): Promise<string[]> {
  for (let tries = 0; tries < 100 && process.getActiveResourcesInfo().length > before.length; tries++) await pause(50);
  return process.getActiveResourcesInfo();
}
