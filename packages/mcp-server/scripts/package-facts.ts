import { readFileSync } from 'node:fs';

/** Facts from `package.json` that all files of a release must agree on. */
export interface PackageFacts {
  name: string;
  version: string;
  description: string;
  license: string;
  homepage: string;
  mcpName: string;
  author: { name: string; email: string };
  /** Address of the repository, with our folder in it. */
  repository: string;
  directory: string;
}

interface Manifest extends Omit<PackageFacts, 'author' | 'repository' | 'directory'> {
  author: string;
  repository: { url: string; directory: string };
}

export function packageFacts(): PackageFacts {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { author, repository, ...facts } = JSON.parse(text) as Manifest;
  const [, name = author, email = ''] = /^(.*) <(.*)>$/.exec(author) ?? [];
  return {
    ...facts,
    author: { name, email },
    repository: repository.url.replace(/^git\+/, '').replace(/\.git$/, ''),
    directory: repository.directory,
  };
}
