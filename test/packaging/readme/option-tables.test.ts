import type { FetchOptions } from '@ollama-toolbelt/core/fetch';
import {
  type ErrorCode,
  type NoticeCode,
  parseHost,
  type RetryOptions,
  type Timeouts,
} from '@ollama-toolbelt/core/neutral';
import type { CallOptions, NodeOptions } from '@ollama-toolbelt/core/node';
import { expect, test } from 'vitest';
import { timeoutsOf } from '../../../packages/core/src/http/deadlines.ts';
import type { Route } from '../../../packages/core/src/wire/route.ts';
import { routes } from '../../../packages/core/src/wire/routes.ts';
import { readTable } from './tables.ts';

const readme = 'packages/core/README.md';

/** All names of a type. The compiler reports missing and extra ones. */
const namesOf = <Name extends PropertyKey>(names: Record<Name, true>): string[] => Object.keys(names).sort();

const tables: Readonly<Record<string, string[]>> = {
  '`timeouts`': namesOf<keyof Timeouts>({ connectMs: true, firstByteMs: true, idleMs: true, totalMs: true }),
  '`retry`': namesOf<keyof RetryOptions>({ attempts: true, minDelayMs: true, maxDelayMs: true }),
  'call option': namesOf<keyof CallOptions>({ signal: true, timeouts: true, retry: true, headers: true }),
  'client option': namesOf<keyof NodeOptions | keyof FetchOptions>({
    host: true,
    apiKey: true,
    headers: true,
    timeouts: true,
    retry: true,
    maxLineBytes: true,
    concurrency: true,
    rateLimit: true,
    embedCache: true,
    onRequest: true,
    onResponse: true,
    proxy: true,
    ca: true,
    insecure: true,
    pool: true,
    openFile: true,
    fetch: true,
  }),
};

const errorCodes = namesOf<ErrorCode>({
  model_not_found: true,
  not_found: true,
  unauthorized: true,
  forbidden: true,
  quota_exceeded: true,
  rate_limited: true,
  server_busy: true,
  server_error: true,
  bad_request: true,
  unsupported: true,
  wrong_server: true,
  redirect: true,
  refused: true,
  dns: true,
  tls: true,
  reset: true,
  connection_failed: true,
  timeout: true,
  aborted: true,
  truncated: true,
  bad_line: true,
  line_too_long: true,
  stream_error: true,
  bad_host: true,
  bad_modelfile: true,
  bad_output: true,
  context_exceeded: true,
  hook_failed: true,
});

const noticeCodes = namesOf<NoticeCode>({
  tool_not_offered: true,
  prompt_cut: true,
  stopped_at_length: true,
  option_ignored: true,
  model_reloaded: true,
  history_trimmed: true,
  parameter_ignored: true,
  characters_dropped: true,
  field_ignored: true,
});

const firstColumn = (rows: readonly string[][]) => rows.map(([name = '']) => name.replaceAll('`', '')).sort();

test.for(Object.entries(tables))('the table of %s has all names and no others', async ([title, names]) => {
  expect(firstColumn(await readTable(readme, title))).toEqual(names);
});

test('the tables of codes have all codes and no others', async () => {
  expect(firstColumn(await readTable(readme, '`code`', 'retryable'))).toEqual(errorCodes);
  expect(firstColumn(await readTable(readme, '`code`', 'properties'))).toEqual(noticeCodes);
});

test('the timeouts have the defaults in the table', async () => {
  const documented = Object.fromEntries(
    (await readTable(readme, '`timeouts`')).map(([name = '', , value = '']) => [name.replaceAll('`', ''), value]),
  );
  const usual = timeoutsOf(routes.chat, undefined, undefined);
  const transfer = timeoutsOf(routes.pull, undefined, undefined);
  const quick = timeoutsOf(routes.version, undefined, undefined);
  expect(documented).toEqual({
    connectMs: `${usual.connectMs}`,
    firstByteMs: `${usual.firstByteMs}`,
    idleMs: `${usual.idleMs}; ${transfer.idleMs} for ${listed(named(({ answer }) => answer === 'progress'))}`,
    totalMs: `${usual.totalMs}; ${quick.totalMs} for ${listed(named(({ quick = false }) => quick))}`,
  });
});

const publicNames: Readonly<Record<string, string>> = { hasBlob: 'blobs.has' };

function named(isMeant: (operation: Route) => boolean): Set<string> {
  const meant = Object.entries<Route>(routes).filter(([, operation]) => isMeant(operation));
  return new Set(meant.map(([name]) => publicNames[name] ?? name));
}

/** The names in the order of the README, which groups them. */
function listed(names: ReadonlySet<string>): string {
  const order = 'version status list ps show copy delete blobs.has create pull push'.split(' ');
  const sorted = [...names].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return `${sorted.slice(0, -1).join(', ')} and ${sorted.at(-1)}`;
}

test('every address in the table is parsed as documented', async () => {
  const rows = await readTable(readme, 'given');
  expect(rows.length).toBeGreaterThan(10);
  for (const [given = '', means = ''] of rows) {
    const address = given === 'nothing' ? '' : given.replaceAll('`', '');
    const { url, authorization, socketPath } = parseHost(address);
    if (socketPath === undefined) expect(url, address).toBe(/`(.*?)`/.exec(means)?.[1]);
    else expect(address).toBe(`unix://${socketPath}`);
    expect(authorization !== undefined, address).toBe(means.includes('credentials'));
  }
});
