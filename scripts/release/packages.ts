/** The published packages, and their folders. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const repositoryRoot = join(import.meta.dirname, '../..');

/** Folders below `packages`, in the order of publishing. */
export const publishedFolders = ['core', 'mcp-server', 'n8n-nodes'] as const;

export interface Manifest {
  name: string;
  version: string;
}

export function readManifest(root: string, folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as Manifest;
}

/**
 * The version that all packages share.
 *
 * @throws {Error} if they differ, or if `server.json` has another version
 */
export function sharedVersion(root: string): string {
  const server = JSON.parse(readFileSync(join(root, 'packages/mcp-server/server.json'), 'utf8')) as {
    version: string;
    packages: { version: string }[];
  };
  const versions = new Map([
    ...publishedFolders.map(
      (folder) => [`packages/${folder}/package.json`, readManifest(root, folder).version] as const,
    ),
    ['packages/mcp-server/server.json', server.version],
    ...server.packages.map(
      ({ version }, index) => [`packages/mcp-server/server.json, package ${index}`, version] as const,
    ),
  ]);
  const [version = ''] = versions.values();
  if ([...versions.values()].every((other) => other === version)) return version;
  const list = [...versions].map(([file, found]) => `  ${found}  ${file}`).join('\n');
  throw new Error(`The versions differ. Set them all with "pnpm version-packages":\n${list}`);
}
