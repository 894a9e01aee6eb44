import { createOllama, formatModelfile, type Ollama, parseHost, parseModelfile } from '@ollama-toolbelt/core/neutral';
import { createOllama as createOnNode } from '@ollama-toolbelt/core/node';
import { raw, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { proxyFromEnvironment } from '../../packages/core/src/node/http/proxy.ts';

/** Quadratic work takes 64 times as long for 8 times the input; the rest is a margin for the machine. */
const MOST_GROWTH = 24;
/** Below this, the clock and the garbage collector dominate. Quadratic work is far above it at these sizes. */
const QUICK_MS = 60;

type Work = (size: number) => unknown;

async function cpuMs(work: Work, size: number): Promise<number> {
  const before = process.cpuUsage();
  try {
    await work(size);
  } catch {
    // Many of these inputs are rejected; the question is how long that takes.
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function expectLinear(work: Work, size: number): Promise<void> {
  await cpuMs(work, size >> 3);
  let growth = Number.POSITIVE_INFINITY;
  // Other programs on the machine can only make it look slower.
  for (let attempt = 0; attempt < 4 && growth > MOST_GROWTH; attempt++) {
    const small = await cpuMs(work, size >> 3);
    const large = await cpuMs(work, size);
    growth = large < QUICK_MS ? 1 : large / Math.max(small, 0.5);
  }
  expect(growth, 'times as long for 8 times as much').toBeLessThan(MOST_GROWTH);
}

const repeat = (text: string) => (size: number) => text.repeat(Math.ceil(size / text.length));

/** A client whose server responds to everything with this. */
function answering(text: string, status = 200, headers: Record<string, string> = {}, pieceBytes = 65_536): Ollama {
  const bytes = new TextEncoder().encode(text);
  return createOllama({
    retry: false,
    embedCache: { maxBytes: 1e9 },
    sleep: () => Promise.resolve(),
    now: () => 0,
    timeouts: { idleMs: 0, totalMs: 0 },
    transport: async () => ({
      status,
      headers: { 'content-type': 'application/json', ...headers },
      body: (async function* () {
        for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
      })(),
    }),
  });
}

const done = '{"model":"a","done":true,"message":{"content":""},"response":""}';
const chat = { model: 'a', messages: [{ role: 'user' as const, content: 'x' }] };

describe('what a server sends', () => {
  const texts: Record<string, (size: number) => string> = {
    '<title over and over': repeat('<title'),
    '<title> with white space': (size) => `<title>${' '.repeat(size)}x`,
    '<message over and over': (size) => `<?xml ${repeat('<message')(size)}`,
    'white space': repeat(' '),
    '< and white space': (size) => `${' '.repeat(size)}<`,
    brackets: repeat('['),
    'an error of "exceeds"': (size) => JSON.stringify({ error: repeat('exceeds context ')(size) }),
    'an error of "reached your"': (size) => JSON.stringify({ error: repeat('reached your usage ')(size) }),
    'an error of tokens': (size) => JSON.stringify({ error: repeat('(1 tokens) ')(size) }),
    'an error of slashes': (size) => JSON.stringify({ error: repeat('//')(size) }),
    'an error of keys': (size) => JSON.stringify({ error: repeat('token = ')(size) }),
    'an error of spaces and bearers': (size) => JSON.stringify({ error: repeat('bearer   ')(size) }),
    'errors in errors': (size) => `${'{"error":'.repeat(size / 10)}1${'}'.repeat(size / 10)}`,
    'a list of errors': (size) => JSON.stringify({ errors: Array(size / 10).fill({ message: 'no' }) }),
  };
  describe.each([200, 502])('with status %d', (status) => {
    test.each(Object.entries(texts))('%s', (_, text) =>
      expectLinear((size) => answering(text(size), status, { 'content-type': 'text/html' }).version(), 480_000),
    );
  });
  test.each(Object.entries(texts))('in a line of a stream: %s', (_, text) =>
    expectLinear((size) => answering(`${text(size)}\n`).chat(chat), 480_000),
  );

  test.each(['location', 'retry-after', 'content-type'])('the header %s', async (name) => {
    for (const text of [repeat('/'), repeat('@'), repeat('1'), repeat(' '), repeat('//@'), repeat('1.')]) {
      await expectLinear((size) => answering('', 302, { [name]: `${text(size)}x` }).version(), 160_000);
    }
  });

  test('a line in many pieces', () =>
    expectLinear(
      (size) => answering(`{"response":"${'x'.repeat(size)}","done":true}`, 200, {}, 16).generate({ model: 'a' }),
      400_000,
    ));

  test('many lines, tool calls and logprobs', async () => {
    const call = '{"function":{"name":"look","arguments":{}}}';
    const line = `{"model":"a","message":{"content":"x","tool_calls":[${call}]},"logprobs":[{"token":"x"}],"done":false}\n`;
    await expectLinear((size) => answering(line.repeat(size) + done).chat(chat), 16_000);
    const many = (size: number) =>
      `{"model":"a","message":{"content":"","tool_calls":[${Array(size).fill(call).join()}]},"done":true}`;
    const tools = Array.from({ length: 50 }, (_, index) => ({ name: `tool${index}`, run: () => 'x' }));
    await expectLinear(
      (size) => answering(many(size)).conversation({ model: 'a', tools, maxRounds: 2 }).send('x'),
      8000,
    );
  });

  test('names of models', async () => {
    const names = [repeat(':'), repeat('/'), repeat('a:'), repeat('library/')];
    for (const name of names) {
      const models = (size: number) =>
        JSON.stringify({ models: [{ name: name(size), digest: 'a' }], embeddings: [[1]] });
      await expectLinear((size) => answering(models(size)).embed({ model: 'a', input: 'x' }), 400_000);
    }
  });

  test('pieces of one byte, which wait while nobody reads', async () => {
    await using server = await startScripted();
    await using ollama = createOnNode({ host: server.host });
    const work = async (size: number) => {
      server.on(
        'POST /api/generate',
        raw({ headers: { 'Content-Type': 'application/x-ndjson' }, body: Array(size).fill('\n') }),
      );
      const stream = ollama.generateStream({ model: 'chat-model', prompt: 'x' });
      await stream.next().catch(() => {});
    };
    await expectLinear(work, 40_000);
  });
});

describe('what a caller sends', () => {
  test('option keys', () =>
    expectLinear((size) => {
      const options = Object.fromEntries(Array.from({ length: size }, (_, index) => [`option${index}`, index]));
      return answering(done).chat({ ...chat, options });
    }, 200_000));

  test('numbers in texts', async () => {
    for (const text of ['1', '1.', '-', ' ', '.1']) {
      await expectLinear(
        (size) => answering(done).chat({ ...chat, options: { temperature: `${repeat(text)(size)}x` as never } }),
        400_000,
      );
      await expectLinear((size) => answering(done).chat({ ...chat, keep_alive: `${repeat(text)(size)}x` }), 400_000);
    }
  });

  test('an address', async () => {
    for (const text of ['/', '"', "'", '@', ':', '[', '%40', '/api', ' ', '://', '\\', '?', 'a.']) {
      await expectLinear((size) => parseHost(`${repeat(text)(size)}x`), 400_000);
      await expectLinear((size) => parseHost(`http://host/${repeat(text)(size)}x`), 400_000);
      await expectLinear(
        (size) => proxyFromEnvironment('http://host', { HTTP_PROXY: `http://host/${repeat(text)(size)}x` }),
        400_000,
      );
      await expectLinear(
        (size) =>
          proxyFromEnvironment('http://host', { HTTP_PROXY: 'http://proxy', NO_PROXY: `${repeat(text)(size)}x` }),
        100_000,
      );
    }
  });

  test('texts to embed, most of them equal', () =>
    expectLinear((size) => {
      const input = Array.from({ length: size }, (_, index) => `text ${index % 30}`);
      return answering(JSON.stringify({ models: [], embeddings: Array(30).fill([1, 2, 3]) })).embed({
        model: 'a',
        input,
      });
    }, 200_000));

  test('headers', () =>
    expectLinear((size) => {
      const headers = Object.fromEntries(Array.from({ length: size }, (_, index) => [`x-${index}`, 'x'.repeat(20)]));
      return answering('{}').version({ headers });
    }, 40_000));

  test('a long history, which is trimmed', () =>
    expectLinear(async (size) => {
      const messages = Array.from({ length: size }, (_, index) => ({
        role: index % 2 ? ('assistant' as const) : ('user' as const),
        content: `message ${index}`,
      }));
      const talk = answering(done).conversation({ model: 'a', messages, options: { num_ctx: size } });
      await talk.send('x');
    }, 40_000));

  test('calls that wait for a slot, and are cancelled', async () => {
    await expectLinear(async (size) => {
      const ollama = createOllama({
        concurrency: 1,
        retry: false,
        sleep: () => new Promise(() => {}),
        now: () => 0,
        transport: () => new Promise(() => {}),
      });
      const controller = new AbortController();
      const all = Array.from({ length: size }, () => ollama.chat(chat, { signal: controller.signal }));
      controller.abort();
      await Promise.allSettled(all);
    }, 16_000);
  });
});

describe('a Modelfile', () => {
  const texts: Record<string, (size: number) => string> = {
    'PARAMETER stop': (size) => `FROM a\n${'PARAMETER stop x\n'.repeat(size / 17)}`,
    'PARAMETER seed': (size) => `FROM a\n${'PARAMETER seed 1\n'.repeat(size / 17)}`,
    'a long number': (size) => `FROM a\nPARAMETER temperature ${'1'.repeat(size)}x\n`,
    MESSAGE: (size) => `FROM a\n${'MESSAGE user x\n'.repeat(size / 15)}`,
    LICENSE: (size) => `FROM a\n${'LICENSE x\n'.repeat(size / 10)}`,
    FROM: (size) => 'FROM a\n'.repeat(size / 7),
    'a long text in quotes': (size) => `FROM a\nSYSTEM """${'line\n'.repeat(size / 5)}"""\n`,
    'quotes that are never closed': (size) => `FROM a\nSYSTEM """${'"\n'.repeat(size / 2)}`,
    'single quotes': (size) => `FROM a\nSYSTEM "${'\n'.repeat(size)}`,
    quotes: repeat('"'),
    'one long word': repeat('FROM'),
    'line ends': (size) => `${'\r\n'.repeat(size / 2)}FROM a`,
    'a long version': (size) => `FROM a\nREQUIRES 1.0.0-${repeat('a.')(size)}!\n`,
    'a long version of dashes': (size) => `FROM a\nREQUIRES 1.0.0-${repeat('-')(size)}!\n`,
    'a long version of digits': (size) => `FROM a\nREQUIRES 1.0.0-${repeat('0')(size)}!\n`,
    'invisible characters': (size) => `FROM a\nSYSTEM ${'\u200c'.repeat(size)}x\n`,
    'unknown commands': repeat('FORM a\n'),
  };
  test.each(Object.entries(texts))('%s', async (_, text) => {
    const create = (size: number) => answering('{"status":"success"}').create({ model: 'a', modelfile: text(size) });
    await expectLinear(create, 400_000);
  });
  test('formatted again', () =>
    expectLinear((size) => formatModelfile(parseModelfile(texts['PARAMETER stop']?.(size) ?? '')), 200_000));
});
