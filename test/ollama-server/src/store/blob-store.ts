import { createHash } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { WireError } from '../wire/wire-error.ts';

export const sha256 = (content: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** Model files by digest: uploads in a temporary folder, bundled ones in their place. */
export class BlobStore {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ollama-stand-in-'));
  readonly #paths = new Map<string, string>();
  #uploads = 0;

  has(digest: string): boolean {
    return this.#paths.has(digest);
  }

  path(digest: string): string | undefined {
    return this.#paths.get(digest);
  }

  /** Registers an existing file under its digest. */
  async addFile(path: string): Promise<string> {
    const digest = sha256(await readFile(path));
    this.#paths.set(digest, path);
    return digest;
  }

  /** A second digest for the same bytes, if the real server would have written a new file. */
  alias(digest: string, of: string): void {
    const path = this.#paths.get(of);
    if (path !== undefined) this.#paths.set(digest, path);
  }

  async upload(digest: string, content: IncomingMessage): Promise<void> {
    const partial = join(this.#folder, `upload-${++this.#uploads}`);
    const hash = createHash('sha256');
    content.on('data', (part: Buffer) => hash.update(part));
    await pipeline(content, createWriteStream(partial));
    const got = `sha256:${hash.digest('hex')}`;
    if (got !== digest) throw new WireError(400, `digest mismatch, expected "${digest}", got "${got}"`);
    const path = join(this.#folder, digest.replace(':', '-'));
    await rename(partial, path);
    this.#paths.set(digest, path);
  }

  /** Removes the folder; synchronous, so it also works at process exit. */
  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
