import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PublishedVersion } from '../../fixtures/npm-registry.ts';
import { packedPackage } from '../../fixtures/packed-package.ts';

const run = promisify(execFile);

/** The built server as it would be published, which also records its messages. */
export async function recordingServer(): Promise<PublishedVersion> {
  await using packed = await packedPackage('mcp-server');
  const { root, directory } = packed;
  const folder = path.join(root, 'package');
  await mkdir(folder);
  await cp(directory, folder, { recursive: true });
  await copyFile(path.join(import.meta.dirname, 'record.mjs'), path.join(folder, 'record.mjs'));
  const file = path.join(folder, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as PublishedVersion['manifest'] & { bin: object };
  manifest.bin = { 'ollama-toolbelt-mcp': 'record.mjs' };
  await writeFile(file, JSON.stringify(manifest));
  const archive = path.join(root, 'recording.tgz');
  await run('tar', ['-czf', archive, '-C', root, 'package']);
  return { manifest, tarball: await readFile(archive) };
}
