import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { raw, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import type { SoakReport } from './client-process.ts';
import { faultHeader, played } from './plan.ts';

const CALLS = 5000;
const MIB = 1024 * 1024;
/** Two zeros as float32 in base64. */
const vector = { data: [{ index: 0, embedding: 'AAAAAAAAAAA=' }], usage: { prompt_tokens: 1, total_tokens: 1 } };

test(`${CALLS} calls with faults and aborts leave nothing behind`, async () => {
  await using gone = await startScripted();
  await gone.refuse();
  await using server = await startScripted();
  server.always.on('*', (request) => {
    const fault = request.headers[faultHeader];
    if (fault !== undefined) return played[Number(fault)]?.reply?.();
    // One of OpenAI's routes, which the stand-in does not have.
    if (request.path === '/v1/embeddings') return raw({ body: [JSON.stringify(vector)] });
    // Keep the models for the next calls.
    return request.method === 'DELETE' ? raw({}) : undefined;
  });

  const program = fileURLToPath(new URL('client-process.ts', import.meta.url));
  const node = ['--expose-gc', '--conditions=source', '--disable-warning=ExperimentalWarning', program];
  const seed = String(20_261_123);
  const { stdout } = await promisify(execFile)(process.execPath, [...node, server.host, gone.host, seed, `${CALLS}`]);
  const report = JSON.parse(stdout) as SoakReport;

  expect(report.wrong).toEqual([]);
  expect(Object.values(report.outcomes).reduce((sum, count) => sum + count)).toBe(CALLS);
  // Each kind of outcome must have happened many times.
  expect(report.outcomes['answer']).toBeGreaterThan(1000);
  expect(report.outcomes['aborted']).toBeGreaterThan(200);
  expect(Object.keys(report.outcomes).length).toBeGreaterThan(15);
  expect(report.rejections).toEqual([]);
  expect(report.warnings).toEqual([]);
  const [first, second] = report.heap;
  expect(second - first, 'bytes that the second half has left').toBeLessThan(2 * MIB);
  expect(report.resources.after).toEqual(report.resources.before);
  await server.allClosed();
  // The process has ended; the ends of its sockets may come a moment later.
  await expect.poll(() => server.openSockets).toBe(0);
  expect(server.requests.some(({ outcome }) => outcome === 'aborted')).toBe(true);
});
