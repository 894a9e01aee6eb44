import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The packages that we compare with. Nothing here depends on them, so they are not in the lockfile. */
export const peerVersions = { ollama: '0.6.4', 'ollama-mcp': '2.1.0', 'ollama-mcp-server': '1.1.0' };

const folder = fileURLToPath(new URL('.peers', import.meta.url));

/** The folder with their npm packages, which git ignores. The first run installs them. */
export async function installedPeers(): Promise<string> {
  const wanted = JSON.stringify({ private: true, dependencies: peerVersions });
  const file = join(folder, 'package.json');
  // Inside, so it is deleted together with the packages.
  const mark = join(folder, 'node_modules', '.complete');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, wanted);
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock', '--loglevel=error'];
  await promisify(execFile)('npm', ['install', ...flags], { cwd: folder });
  writeFileSync(mark, wanted);
  return folder;
}
