import { readFileSync } from 'node:fs';

const manifest = new URL('../../packages/core/package.json', import.meta.url);
const { repository } = JSON.parse(readFileSync(manifest, 'utf8')) as { repository: { url: string } };

/** Where the code is, as the manifests of the packages have it. */
export const repositoryUrl = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** Where GitHub serves the site of a project. */
export const siteBase = process.env['DOCS_BASE'] ?? `/${repositoryUrl.slice(repositoryUrl.lastIndexOf('/') + 1)}/`;
