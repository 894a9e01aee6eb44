import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of its own for a test, gone at its end. */
export interface TempFolder extends AsyncDisposable {
  path: string;
  /** Writes a file, with the folders it needs, and gives its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
}

export async function tempFolder(): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), 'toolbelt-'));
  return {
    path,
    write: async (name, content) => {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      return file;
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** Bytes that no text has, different for each seed. */
export function weights(seed: number, length = 1024): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 1; index < length; index++) bytes[index] = (index * seed) % 251;
  return bytes;
}
