import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { OllamaError } from '../../errors/errors.ts';

/** Vectors as bytes, by the hash of their key. A failure of the file is a miss: a cache must not fail a call. */
export interface VectorDatabase {
  /** In the order of the keys. */
  read(keys: readonly Uint8Array[]): (Uint8Array | undefined)[];
  write(entries: readonly (readonly [key: Uint8Array, bytes: Uint8Array])[]): void;
  close(): void;
}

/** How long another process may hold the file. */
const BUSY_MS = 5000;
const HOUR_MS = 3_600_000;
/** The share that remains after dropping vectors, which keeps that rare. */
const ROOM = 0.9;
/** Marks a file as one of ours: "OTbv". */
const APPLICATION_ID = 0x4f546276;

/** @throws OllamaError `unsupported` without SQLite, `bad_request` if the file cannot be opened. */
export async function openDatabase(path: string, maxBytes: number): Promise<VectorDatabase> {
  const { DatabaseSync: Database } = await loadSqlite();
  const open = () => {
    const made = new Database(path);
    try {
      prepare(made);
    } catch (error) {
      made.close();
      throw error;
    }
    return made;
  };
  /** `undefined` after damage, until the next call. */
  let db: DatabaseSync | undefined;
  try {
    makeFolder(dirname(path));
    db = orAnew(open, path);
  } catch (cause) {
    throw cannotOpen(path, cause);
  }
  const close = () => {
    try {
      db?.close();
    } catch {
      // It is closed, or damaged.
    }
    db = undefined;
  };
  /** Any failure is a miss. After damage, the next call begins a new file. */
  const attempt = <T>(work: (db: DatabaseSync) => T, otherwise: T): T => {
    try {
      db ??= orAnew(open, path);
      return work(db);
    } catch (error) {
      if (isDamaged(error)) {
        close();
        tryToPutAside(path);
      }
      return otherwise;
    }
  };
  return {
    read: (keys) => attempt((own) => read(own, keys), Array(keys.length).fill(undefined)),
    write: (entries) => attempt((own) => write(own, entries, maxBytes), undefined),
    close,
  };
}

/** In file systems that do not allow new folders, such as /proc, Node's own `recursive` option hangs. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process has created it first.
    if (!existsSync(path)) throw error;
  }
}

function prepare(db: DatabaseSync): void {
  db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  const application = Number(db.prepare('PRAGMA application_id').get()?.['application_id']);
  const isNew = Number(db.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.['count']) === 0;
  if (application !== APPLICATION_ID && !isNew) throw new Error('it is a database of another program');
  // Must come before the first table. Unused pages then go back to the disk.
  db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 1048576');
  db.exec(
    'CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, bytes BLOB NOT NULL, used INTEGER NOT NULL) STRICT',
  );
  db.exec('CREATE INDEX IF NOT EXISTS by_use ON vectors (used)');
}

const now = () => Math.floor(Date.now() / HOUR_MS);

function read(db: DatabaseSync, keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
  const select = db.prepare('SELECT bytes, used FROM vectors WHERE key = ?');
  const hour = now();
  const stale: Uint8Array[] = [];
  const found = keys.map((key) => {
    const row = select.get(key);
    // Rounded to the hour, so a read seldom writes.
    if (row !== undefined && Number(row['used']) < hour) stale.push(key);
    return row?.['bytes'] as Uint8Array | undefined;
  });
  if (stale.length > 0) touch(db, stale, hour);
  return found;
}

/** What was read counts even if another process holds the file, or the disk is full. The next read tries again. */
function touch(db: DatabaseSync, keys: readonly Uint8Array[], hour: number): void {
  try {
    const update = db.prepare('UPDATE vectors SET used = ? WHERE key = ?');
    transaction(db, () => {
      for (const key of keys) update.run(hour, key);
    });
  } catch (error) {
    if (isDamaged(error)) throw error;
  }
}

function write(db: DatabaseSync, entries: readonly (readonly [Uint8Array, Uint8Array])[], maxBytes: number): void {
  const insert = db.prepare('INSERT OR REPLACE INTO vectors (key, bytes, used) VALUES (?, ?, ?)');
  const hour = now();
  transaction(db, () => {
    for (const [key, bytes] of entries) insert.run(key, bytes, hour);
    makeRoom(db, maxBytes);
  });
}

/** Counts pages in use, which is right for all processes that share the file. */
function makeRoom(db: DatabaseSync, maxBytes: number): void {
  const pragma = (name: string) => Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
  const pageSize = pragma('page_size');
  const usedBytes = () => (pragma('page_count') - pragma('freelist_count')) * pageSize;
  if (usedBytes() <= maxBytes) return;
  const drop = db.prepare(
    'DELETE FROM vectors WHERE rowid IN (SELECT rowid FROM vectors ORDER BY used, rowid LIMIT ?)',
  );
  for (let used = usedBytes(); used > maxBytes; used = usedBytes()) {
    const rows = Number(db.prepare('SELECT count(*) AS count FROM vectors').get()?.['count']);
    if (rows === 0) break;
    drop.run(Math.max(1, Math.ceil(rows * (1 - (ROOM * maxBytes) / used))));
  }
  db.exec('PRAGMA incremental_vacuum');
}

function transaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

/** Replaces a file that is damaged, or is not a database at all. */
function orAnew(open: () => DatabaseSync, path: string): DatabaseSync {
  try {
    return open();
  } catch (error) {
    if (!isDamaged(error)) throw error;
    putAside(path);
    return open();
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const isDamaged = (error: unknown) =>
  error instanceof Error && 'errcode' in error && [11, 26].includes(Number(error.errcode) & 0xff);

/** Kept as `.damaged`: it may never have been one of our files. */
function putAside(path: string): void {
  renameSync(path, `${path}.damaged`);
  for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true });
}

function tryToPutAside(path: string): void {
  try {
    putAside(path);
  } catch {
    // The next call finds the damage again.
  }
}

async function loadSqlite(): Promise<typeof import('node:sqlite')> {
  try {
    return await import('node:sqlite');
  } catch (cause) {
    throw new OllamaError('diskEmbeddingStore needs SQLite, which this runtime does not have.', {
      code: 'unsupported',
      hint: 'Use Node 22.13 or newer, Bun or Deno, or give embedCache a store of your own, or { maxBytes } for memory.',
      cause,
    });
  }
}

function cannotOpen(path: string, cause: unknown): OllamaError {
  return new OllamaError(`The file for vectors cannot be opened: ${path}`, {
    code: 'bad_request',
    path,
    hint: 'Give a new file, or one that diskEmbeddingStore made, in a writable folder of this machine.',
    cause,
  });
}
