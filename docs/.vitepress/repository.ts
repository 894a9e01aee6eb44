import { readFileSync } from 'node:fs';

const manifest = new URL('../../packages/core/package.json', import.meta.url);
const { repository } = JSON.parse(readFileSync(manifest, 'utf8')) as { repository: { url: string } };

/** The repository's URL in the package manifests. */
export const repositoryUrl = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** The path at which GitHub serves a project site. */
export const siteBase = process.env['DOCS_BASE'] ?? `/${repositoryUrl.slice(repositoryUrl.lastIndexOf('/') + 1)}/`;
