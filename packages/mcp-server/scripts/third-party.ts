import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Manifest {
  name?: string;
  version?: string;
  license?: string;
}

/**
 * The license notices of the bundled packages. Their licenses require these with every copy.
 *
 * @throws Error for a package without a license text.
 */
export function thirdPartyNotices(bundledFiles: Iterable<string>): string {
  const roots = new Set([...bundledFiles].map(packageRoot).filter((root) => root !== undefined));
  const notices = [...roots].flatMap((root) => {
    const { name, version, license } = manifest(root);
    const own = { title: `${name} ${version} (${license})`, text: licenseText(root).trim() };
    return [own, ...(name === 'undici' ? [llhttp(version)] : [])];
  });
  const sorted = notices.toSorted((a, b) => a.title.localeCompare(b.title));
  return [
    'Parts of these packages are bundled into the programs in this folder.',
    ...sorted.map(({ title, text }) => `${'='.repeat(78)}\n${title}\n\n${text}`),
    '',
  ].join('\n\n');
}

/** undici contains Node's HTTP parser as WebAssembly, but not the parser's license. */
const llhttp = (undici: string | undefined) => ({
  title: `llhttp (MIT), as WebAssembly in undici ${undici}`,
  text: `This software is licensed under the MIT License.

Copyright Fedor Indutny, 2018.

Permission is hereby granted, free of charge, to any person obtaining a
copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included
in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS
OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN
NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE
USE OR OTHER DEALINGS IN THE SOFTWARE.`,
});

/** The folder of the installed package that contains a file; `undefined` for our own files. */
function packageRoot(file: string): string | undefined {
  if (!file.includes('node_modules')) return undefined;
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    // Packages contain more manifests, without a version, that only set the type of modules.
    if (existsSync(join(folder, 'package.json')) && manifest(folder).version !== undefined) return folder;
  }
  return undefined;
}

const manifest = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

function licenseText(root: string): string {
  const file = readdirSync(root).find((name) => /^licen[cs]e(\.(md|txt))?$/i.test(name));
  if (file === undefined) throw new Error(`${root} has no license text.`);
  return readFileSync(join(root, file), 'utf8');
}
