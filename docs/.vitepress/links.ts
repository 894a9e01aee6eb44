/**
 * Converts links for the site. The pages also work on GitHub, so they link to files in the repository, by path or by
 * URL. On the site, a link to a page becomes a link to that page of the site, and any other leads to the file on GitHub.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { repositoryUrl } from './repository.ts';

const repository = join(import.meta.dirname, '../..');

/** Pages that show a file from outside docs, by its path in the repository. */
const shown: Readonly<Record<string, string>> = {
  'packages/core/README.md': 'docs/packages/core.md',
  'packages/mcp-server/README.md': 'docs/packages/mcp-server.md',
  'packages/n8n-nodes/README.md': 'docs/packages/n8n-nodes.md',
  'examples/README.md': 'docs/packages/examples.md',
};

const isOfSite = (path: string) => /^docs\/(?!architecture|contributing|decisions|images).*\.md$/.test(path);

/**
 * The target of a link on the site.
 *
 * @param page path of the Markdown file in the repository
 */
export function linkOfSite(link: string, page: string): string {
  const [address = '', anchor] = link.split('#');
  const hash = anchor === undefined || anchor === 'readme' ? '' : `#${anchor}`;
  const path = pathInRepository(address, page);
  if (path === undefined) return link;
  const file = join(repository, path);
  const isFolder = existsSync(file) && statSync(file).isDirectory();
  const readme = join(path, isFolder ? 'README.md' : '');
  const target = shown[readme] ?? path;
  if (!isOfSite(target)) return `${repositoryUrl}/${isFolder ? 'tree' : 'blob'}/main/${path}${hash}`;
  return `/${relative('docs', target)
    .replace(/(^|\/)index\.md$/, '$1')
    .replace(/\.md$/, '')}${hash}`;
}

function pathInRepository(address: string, page: string): string | undefined {
  if (address.startsWith(`${repositoryUrl}/`)) {
    const [, path] = /^\/(?:blob|tree)\/main\/(.+)$/.exec(address.slice(repositoryUrl.length)) ?? [];
    return path;
  }
  if (address === '' || /^([a-z]+:|\/)/.test(address)) return undefined;
  const from = Object.entries(shown).find(([, shownBy]) => shownBy === page)?.[0] ?? page;
  return join(dirname(from), address).replace(/\/$/, '');
}

/** The anchor of a heading in GitHub's form, so the same link works on GitHub and on the site. */
export const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** A markdown-it plugin that keeps text which Vue would evaluate, such as an n8n expression. */
export function textAsItIs(md: MarkdownRenderer): void {
  for (const name of ['text', 'code_inline'] as const) {
    const render = md.renderer.rules[name]!;
    md.renderer.rules[name] = (...args) => render(...args).replaceAll('{{', '&#123;&#123;');
  }
}

/** A markdown-it plugin that converts the links. */
export function linksOfSite(md: MarkdownRenderer): void {
  md.core.ruler.push('links-of-site', ({ tokens, env }) => {
    const page = relative(repository, env.path);
    // TypeDoc's pages already have links for the site. VitePress changes underscores in most of their anchors to dashes, so
    // all links and their targets are changed too.
    const isApi = page.startsWith('docs/api/');
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (isApi && token.type === 'html_inline') {
        token.content = token.content.replace(/(?<= id=")[^"]+/, (id) => id.replaceAll('_', '-'));
      }
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (href === null) continue;
      const ofApi = () => href.replace(/#.*/, (anchor) => anchor.replaceAll('_', '-'));
      token.attrSet('href', isApi ? ofApi() : linkOfSite(href, page));
    }
  });
}
