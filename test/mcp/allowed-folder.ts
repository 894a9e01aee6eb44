import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of its own; it goes with the scope. */
export interface Folder extends Disposable {
  path: string;
}

/** A folder with these files. */
export async function folderWith(files: Record<string, string | Uint8Array>): Promise<Folder> {
  const path = mkdtempSync(join(tmpdir(), 'mcp-files-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
