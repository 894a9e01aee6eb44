import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Manifest {
  name?: string;
  version?: string;
  license?: string;
}

/**
 * The notices of the packages that a bundle has parts of, which their licences ask to go with every copy.
 *
 * @throws Error for a package without a licence text.
 */
export function thirdPartyNotices(bundledFiles: Iterable<string>): string {
  const roots = new Set([...bundledFiles].map(packageRoot).filter((root) => root !== undefined));
  const notices = [...roots].map((root) => {
    const { name, version, license } = manifest(root);
    return { title: `${name} ${version} (${license})`, text: licenceText(root).trim() };
  });
  const sorted = notices.toSorted((a, b) => a.title.localeCompare(b.title));
  return [
    'Parts of these packages are bundled into the programs in this folder.',
    ...sorted.map(({ title, text }) => `${'='.repeat(78)}\n${title}\n\n${text}`),
    '',
  ].join('\n\n');
}

/** The folder of the installed package that a file belongs to; nothing for our own. */
function packageRoot(file: string): string | undefined {
  if (!file.includes('node_modules')) return undefined;
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    // Packages have further manifests inside that only tell the kind of the modules below.
    if (existsSync(join(folder, 'package.json')) && manifest(folder).version !== undefined) return folder;
  }
  return undefined;
}

const manifest = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

function licenceText(root: string): string {
  const file = readdirSync(root).find((name) => /^licen[cs]e(\.(md|txt))?$/i.test(name));
  if (file === undefined) throw new Error(`${root} has no licence text.`);
  return readFileSync(join(root, file), 'utf8');
}
