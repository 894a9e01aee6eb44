/**
 * Writes the owner's names into every file that contains them: author, repository, the server's name in the MCP
 * registry. It reads the current names from the manifests, so it works again when a repository moves.
 *
 *   pnpm set-owner --repository OWNER/NAME --author "NAME <EMAIL>" [--mcp-name NAMESPACE/NAME] [--dry-run]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** All names of the owner. */
export interface Owner {
  /** On GitHub: `owner/name`. */
  repository: string;
  author: string;
  email: string;
  /** In the MCP registry: `namespace/name`. GitHub proves ownership of `io.github.OWNER`. */
  mcpName: string;
}

/** @throws {Error} if the manifests do not have the expected form */
export function currentOwner(root: string): Owner {
  const manifest = JSON.parse(readFileSync(join(root, 'packages/mcp-server/package.json'), 'utf8')) as {
    author: string;
    mcpName: string;
    repository: { url: string };
  };
  const [, author, email] = /^(.+) <(.+)>$/.exec(manifest.author) ?? [];
  const [, repository] = /^git\+https:\/\/github\.com\/([^/]+\/[^/]+)\.git$/.exec(manifest.repository.url) ?? [];
  if (!author || !email || !repository) throw new Error('packages/mcp-server/package.json has no owner to replace.');
  return { repository, author, email, mcpName: manifest.mcpName };
}

const ownerOf = ({ repository }: Owner) => repository.slice(0, repository.indexOf('/'));
const siteOf = ({ repository }: Owner) => repository.replace(/^[^/]+/, (owner) => `${owner.toLowerCase()}.github.io`);
const namespaceOf = (mcpName: string) => mcpName.slice(0, mcpName.indexOf('/'));
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The replacements, in this order. */
function replacements(from: Owner, to: Owner): [RegExp, string][] {
  const whole = (text: string) => new RegExp(`(?<![\\w.@-])${escaped(text)}(?![\\w-])`, 'g');
  return [
    [new RegExp(`(?<=github\\.com[/:])${escaped(from.repository)}(?![\\w-])`, 'g'), to.repository],
    // The site, and the container image, whose name is in lower case.
    [whole(siteOf(from)), siteOf(to)],
    [whole(`${ownerOf(from)}.github.io`), `${ownerOf(to).toLowerCase()}.github.io`],
    [new RegExp(`(?<=ghcr\\.io/)${escaped(ownerOf(from).toLowerCase())}(?=/)`, 'g'), ownerOf(to).toLowerCase()],
    [whole(from.mcpName), to.mcpName],
    // Keys of `_meta` start with the server's namespace too.
    [whole(namespaceOf(from.mcpName)), namespaceOf(to.mcpName)],
    [whole(from.email), to.email],
    [whole(from.author), to.author],
  ];
}

export interface Change {
  file: string;
  /** Number of occurrences. */
  count: number;
}

/** All files that git tracks or would add; those with a NUL byte are not text. */
function textFiles(root: string): { file: string; text: string }[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  const files = [...new Set(list.split('\0'))].filter((file) => file !== '');
  return files.flatMap((file) => {
    const bytes = readIfThere(join(root, file));
    return bytes === undefined || bytes.includes(0) ? [] : [{ file, text: bytes.toString('utf8') }];
  });
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    // Deleted but not yet committed, or a link to a folder.
    return undefined;
  }
}

export function setOwner(root: string, to: Owner, { dryRun = false } = {}): Change[] {
  const rules = replacements(currentOwner(root), to);
  return textFiles(root).flatMap(({ file, text }) => {
    let count = 0;
    let changed = text;
    for (const [pattern, replacement] of rules) {
      changed = changed.replace(pattern, () => {
        count += 1;
        return replacement;
      });
    }
    if (changed === text) return [];
    if (!dryRun) writeFileSync(join(root, file), changed);
    return [{ file, count }];
  });
}

function ownerFrom(repository: string | undefined, author: string | undefined, mcpName: string | undefined): Owner {
  const [, owner, name] = /^([\w-]+)\/([\w.-]+)$/.exec(repository ?? '') ?? [];
  if (!owner || !name) throw new Error('Give --repository OWNER/NAME, as GitHub has it.');
  const [, person, email] = /^([^<>]+) <([^<>\s]+@[^<>\s]+)>$/.exec(author ?? '') ?? [];
  if (!person || !email) throw new Error('Give --author "NAME <EMAIL>".');
  const fullName = mcpName ?? `io.github.${owner}/mcp-server`;
  if (!/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/.test(fullName)) throw new Error('--mcp-name is NAMESPACE/NAME.');
  return { repository: `${owner}/${name}`, author: person, email, mcpName: fullName };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      repository: { type: 'string' },
      author: { type: 'string' },
      'mcp-name': { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const dryRun = values['dry-run'];
  try {
    const owner = ownerFrom(values.repository, values.author, values['mcp-name']);
    const changes = setOwner(resolve(import.meta.dirname, '..'), owner, { dryRun });
    for (const { file, count } of changes) console.log(`${String(count).padStart(4)}  ${file}`);
    console.log(`${changes.length} files ${dryRun ? 'would change' : 'changed'}`);
    if (!dryRun) console.log('Build and test before you commit: pnpm test');
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
