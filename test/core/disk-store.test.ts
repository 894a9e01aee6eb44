import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createOllama, type DiskEmbeddingStore, diskEmbeddingStore } from '@ollama-toolbelt/core/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failureOf } from '../fixtures/core/failure.ts';
import { watchRejections } from '../fixtures/core/rejections.ts';
import { type TempFolder, tempFolder } from '../fixtures/core/temp-folder.ts';
import { runtimes } from '../fixtures/runtimes.ts';
import { useScripted } from '../fixtures/scripted.ts';

const run = promisify(execFile);
const fresh = useScripted();
let folder: TempFolder;
let path: string;
const stores: DiskEmbeddingStore[] = [];

beforeEach(async () => {
  folder = await tempFolder();
  path = join(folder.path, 'below', 'vectors.sqlite');
});
afterEach(async () => {
  for (const store of stores.splice(0)) store.close();
  await folder[Symbol.asyncDispose]();
});

/** Each works like that of a new process. */
function open(maxBytes = 10_000_000): DiskEmbeddingStore {
  const store = diskEmbeddingStore({ path, maxBytes });
  stores.push(store);
  return store;
}
const numbers = (length: number, seed = 1) => Array.from({ length }, (_, index) => Math.sin(seed + index));

describe('with embed', () => {
  test('vectors outlive the client, with exactly the same numbers', async () => {
    const computed: string[] = [];
    fresh.server.always.embed(({ body }) => {
      const inputs = body['input'] as string[];
      computed.push(...inputs);
      return inputs.map((text) => [text.length, 0.1, -1 / 3, 1e-45]);
    });
    const embed = async (input: string[]) => {
      await using ollama = createOllama({ host: fresh.server.host, embedCache: open() });
      return ollama.embed({ model: 'embedding-model', input });
    };
    const first = await embed(['one', 'three']);
    const second = await embed(['three', 'fifteen', 'one']);
    expect(computed).toEqual(['one', 'three', 'fifteen']);
    expect(second.embeddings).toEqual([first.embeddings[1], [7, 0.1, -1 / 3, 1e-45], first.embeddings[0]]);
    const content = Buffer.concat(
      await Promise.all((await readdir(join(path, '..'))).map((file) => readFile(join(path, '..', file)))),
    );
    expect(content.includes('fifteen')).toBe(false);
  });

  test('a custom store gets many keys at once', async () => {
    fresh.server.always.embed(({ body }) => (body['input'] as string[]).map((text) => [text.length]));
    const kept = new Map<string, readonly number[]>();
    const calls: number[] = [];
    const embedCache = {
      get: (keys: readonly string[]) => {
        calls.push(keys.length);
        return keys.map((key) => kept.get(key));
      },
      set: async (entries: readonly (readonly [string, readonly number[]])[]) => {
        calls.push(entries.length);
        for (const [key, vector] of entries) kept.set(key, vector);
      },
    };
    await using ollama = createOllama({ host: fresh.server.host, embedCache });
    const input = Array.from({ length: 40 }, (_, index) => 'x'.repeat(index + 1));
    await ollama.embed({ model: 'embedding-model', input });
    const again = await ollama.embed({ model: 'embedding-model', input });
    expect(calls).toEqual([40, 32, 8, 40]);
    expect(again.embeddings).toEqual(input.map(({ length }) => [length]));
    expect([...kept.keys()][0]).toMatch(/^[0-9a-f]{64} \{\} x$/);
  });

  test.each([
    ['get', { get: () => Promise.reject(new Error('gone')), set: () => {} }],
    [
      'set',
      {
        get: () => [],
        set: () => {
          throw new Error('gone');
        },
      },
    ],
  ])('a store whose %s throws ends the call', async (_, embedCache) => {
    fresh.server.always.embed(() => [[1]]);
    await using ollama = createOllama({ host: fresh.server.host, embedCache });
    const error = await failureOf(ollama.embed({ model: 'embedding-model', input: 'a' }));
    expect(error).toMatchObject({ code: 'hook_failed', cause: { message: 'gone' } });
    expect(error.message).toContain('embedCache');
  });

  test.each([{}, { maxBytes: '1' }, { get: () => [] }, 5])('%j is not a cache', (embedCache) => {
    const options = { embedCache } as object;
    expect(() => createOllama(options)).toThrow(expect.objectContaining({ code: 'bad_request', option: 'embedCache' }));
  });
});

test('stays within its size, and drops the least recently used vectors', async () => {
  const maxBytes = 400_000;
  const store = open(maxBytes);
  for (let index = 0; index < 200; index += 10)
    await store.set(Array.from({ length: 10 }, (_, step) => [`${index + step}`, numbers(500, index + step)] as const));
  expect((await stat(path)).size).toBeLessThanOrEqual(maxBytes);
  const found = await store.get(Array.from({ length: 200 }, (_, index) => `${index}`));
  expect(found[0]).toBeUndefined();
  expect(found[199]).toEqual(Float64Array.from(numbers(500, 199)));
  expect(found.filter(Boolean).length).toBeGreaterThan(60);
});

test('recently read vectors stay', async () => {
  const store = open(400_000);
  const fill = (name: string, count: number) =>
    store.set(Array.from({ length: count }, (_, index) => [`${name} ${index}`, numbers(500)] as const));
  await fill('old', 50);
  using db = new DatabaseSync(path);
  db.exec('UPDATE vectors SET used = used - 2');
  await store.get(['old 0', 'old 49']);
  await fill('new', 60);
  const [first, second, last] = await store.get(['old 0', 'old 1', 'old 49']);
  expect([first, second, last].map(Boolean)).toEqual([true, false, true]);
});

test('vectors are found even if nothing can be written', async () => {
  const store = open();
  await store.set([['a', [1]]]);
  using db = new DatabaseSync(path);
  db.exec('UPDATE vectors SET used = 0');
  db.exec("CREATE TRIGGER full BEFORE UPDATE ON vectors BEGIN SELECT RAISE(ABORT, 'full'); END");
  expect((await store.get(['a']))[0]).toEqual(Float64Array.of(1));
});

test('more keys than fit one query', async () => {
  const store = open();
  const keys = Array.from({ length: 1234 }, (_, index) => `${index}`);
  await store.set(keys.map((key, index) => [key, [index]] as const));
  expect((await store.get(keys)).map((vector) => vector?.[0])).toEqual(keys.map(Number));
});

describe('damage', () => {
  test('a changed entry is a miss, and its neighbor is not', async () => {
    const store = open();
    await store.set([
      ['a', numbers(100)],
      ['b', numbers(100)],
    ]);
    using db = new DatabaseSync(path);
    db.exec(
      'UPDATE vectors SET bytes = CAST(substr(bytes, 1, 400) || randomblob(length(bytes) - 400) AS BLOB) WHERE rowid = 1',
    );
    const [changed, whole] = await store.get(['a', 'b']);
    expect([changed, whole?.length]).toEqual([undefined, 100]);
    for (const bytes of ["x''", "x'00'", 'randomblob(11)', 'randomblob(12)']) {
      db.exec(`UPDATE vectors SET bytes = ${bytes}`);
      expect(await store.get(['a', 'b'])).toEqual([undefined, undefined]);
    }
    await store.set([['a', [1]]]);
    expect((await store.get(['a']))[0]).toEqual(Float64Array.of(1));
  });

  test.each([
    ['is not a database', () => randomBytes(9000)],
    ['was cut off', (bytes: Buffer) => bytes.subarray(0, 5000)],
    [
      'was overwritten in its middle',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4096), randomBytes(bytes.length - 4096)]),
    ],
  ])('a file that %s begins again', async (_, damage) => {
    const before = open();
    await before.set(Array.from({ length: 300 }, (_, index) => [`${index}`, numbers(100)] as const));
    before.close();
    await expect.poll(async () => (await readdir(join(path, '..'))).length).toBe(1);
    await writeFile(path, damage(await readFile(path)));
    const after = open();
    await after.get(['0', '250']);
    await after.set([['a', [1]]]);
    await after.set([['b', [2]]]);
    expect(await after.get(['b', 'no'])).toEqual([Float64Array.of(2), undefined]);
  });

  test('a damaged file that cannot be moved at first begins again later', async () => {
    const before = open();
    await before.set(Array.from({ length: 300 }, (_, index) => [`${index}`, numbers(100)] as const));
    before.close();
    await expect.poll(async () => (await readdir(join(path, '..'))).length).toBe(1);
    const bytes = await readFile(path);
    await writeFile(path, Buffer.concat([bytes.subarray(0, 4096), randomBytes(bytes.length - 4096)]));
    await folder.write('below/vectors.sqlite.damaged/x', '');
    const store = open();
    // It opens, since its first page is whole.
    expect(await store.get(['0', '250'])).toEqual([undefined, undefined]);
    await rm(`${path}.damaged`, { recursive: true });
    await store.get(['0']);
    await store.set([['a', [1]]]);
    expect(await store.get(['a'])).toEqual([Float64Array.of(1)]);
  });

  test('a database of another program is not changed', async () => {
    await folder.write('below/vectors.sqlite', '');
    using db = new DatabaseSync(path);
    db.exec('CREATE TABLE own (a)');
    const error = await failureOf(Promise.resolve(open().get(['a'])));
    expect(error).toMatchObject({ code: 'bad_request', path });
    expect(db.prepare('SELECT name FROM sqlite_schema').all()).toHaveLength(1);
  });
});

// Node's own way to create folders hangs here.
test.runIf(process.platform === 'linux')('a file system without new folders', async () => {
  const store = diskEmbeddingStore({ path: '/proc/none/one/v.sqlite', maxBytes: 1 });
  const error = await failureOf(Promise.resolve(store.get(['a'])));
  expect(error).toMatchObject({ code: 'bad_request', path: '/proc/none/one/v.sqlite' });
});

test('a folder that cannot be created', async () => {
  await folder.write('below', 'a file');
  expect(await failureOf(Promise.resolve(open().get(['a'])))).toMatchObject({ code: 'bad_request', path });
});

test.each([
  { path: '', maxBytes: 1 },
  { path: 'a', maxBytes: 0 },
  { path: 'a', maxBytes: Number.NaN },
])('%j', (options) => {
  expect(() => diskEmbeddingStore(options)).toThrow(expect.objectContaining({ code: 'bad_request' }));
});

test('two processes share a file', async () => {
  const program = fileURLToPath(new URL('../fixtures/core/vector-process.mjs', import.meta.url));
  const runs = ['one', 'two'].map((name) => run(process.execPath, [program, path, name, '300'], { timeout: 120_000 }));
  for (const { stdout } of await Promise.all(runs)) expect(stdout).toBe('300\n');
  expect((await open().get(['one 299', 'two 0'])).map((vector) => vector?.[0])).toEqual([299, 0]);
});

const newer = runtimes.filter(({ name, program }) => name !== 'Node 20' && program !== undefined);
test.each(newer)('on $name', async ({ program, args }) => {
  const file = fileURLToPath(new URL('../fixtures/core/vector-process.mjs', import.meta.url));
  const { stdout } = await run(program as string, [...args, file, path, 'own', '3'], { timeout: 120_000 });
  expect(stdout).toBe('3\n');
});

test('Node 20 has no SQLite, and the error says so', async () => {
  const source = `
    import { diskEmbeddingStore } from '@ollama-toolbelt/core/node';
    await diskEmbeddingStore({ path: 'a', maxBytes: 1 }).get(['a']).catch(({ code, hint }) => console.log(code, hint));`;
  const { stdout } = await run(runtimes[0]?.program as string, ['--input-type=module', '-e', source], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  expect(stdout).toMatch(/^unsupported Use Node 22\.13/);
});

test('closing while the file is opened in vain leaves no rejection behind', async () => {
  using rejections = watchRejections();
  const store = diskEmbeddingStore({ path: folder.path, maxBytes: 1_000_000 });
  const reading = failureOf(Promise.resolve(store.get(['a'])));
  store.close();
  expect(await reading).toMatchObject({ code: 'bad_request', path: folder.path });
  expect(await rejections.all()).toEqual([]);
});
