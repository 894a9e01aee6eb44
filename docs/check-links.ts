import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { siteBase } from './.vitepress/repository.ts';

/** Where a link within the site leads nowhere. */
export interface BrokenLink {
  page: string;
  link: string;
}

/** Follows every link and picture of a built site that stays in the site, to its place in the page. */
export function brokenLinks(site: string): { pages: number; links: number; broken: BrokenLink[] } {
  const pages = new Map(globSync('**/*.html', { cwd: site }).map((page) => [page, partsOf(join(site, page))]));
  const broken: BrokenLink[] = [];
  let links = 0;
  for (const [page, { targets }] of pages) {
    for (const link of targets) {
      if (/^[a-z]+:/.test(link)) continue;
      links += 1;
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? page : fileOf(path, page);
      const isThere = file !== undefined && existsSync(join(site, file));
      const hasAnchor = anchor === undefined || pages.get(file ?? '')?.ids.has(decodeURIComponent(anchor));
      if (!isThere || !hasAnchor) broken.push({ page, link });
    }
  }
  return { pages: pages.size, links, broken };

  function fileOf(path: string, page: string): string | undefined {
    if (path.startsWith('/') && !path.startsWith(siteBase)) return undefined;
    const file = path.startsWith('/') ? path.slice(siteBase.length) : join(dirname(page), path);
    // A page has no ending; what has one, such as a picture, is a file.
    return [file, `${file}.html`, join(file, 'index.html')].find((page) => pages.has(page)) ?? file;
  }
}

function partsOf(file: string): { targets: Set<string>; ids: Set<string> } {
  const html = readFileSync(file, 'utf8');
  const valuesOf = (pattern: RegExp) =>
    new Set([...html.matchAll(pattern)].map(([, value = '']) => value.replaceAll('&amp;', '&')));
  return { targets: valuesOf(/<(?:a|img|link)\b[^>]*? (?:href|src)="([^"]+)"/g), ids: valuesOf(/ id="([^"]+)"/g) };
}
