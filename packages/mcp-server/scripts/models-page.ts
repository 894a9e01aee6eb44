/** Builds the page of `src/page`: one HTML text that contains its style and script. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];
type Esbuild = Parameters<Plugin['setup']>[0]['esbuild'];

const folder = new URL('../src/page/', import.meta.url);

/** Replaces the module with the page. */
export const modelsPagePlugin: Plugin = {
  name: 'models-page',
  setup(build) {
    build.onLoad({ filter: /server[/\\]models-page-html\.ts$/ }, async () => ({
      contents: `export const modelsPageHtml = ${JSON.stringify(await modelsPage(build.esbuild))};`,
    }));
  },
};

async function modelsPage(esbuild: Esbuild): Promise<string> {
  const [html, css, script] = await Promise.all([
    readFile(new URL('page.html', folder), 'utf8'),
    built(esbuild, 'page.css'),
    built(esbuild, 'main.ts'),
  ]);
  return (
    html
      .replace(/\s*\n\s*/g, ' ')
      .replace(/> </g, '><')
      // HTML parsers add these closing tags themselves.
      .replace(/<\/(p|t[hdr]|thead|tbody)>/g, '')
      .replaceAll(' />', '>')
      .replace(/="([\w.:-]+)"/g, '=$1')
      .replace('<style>', () => `<style>${css}`)
      .replace('<script id=offer type="application/json">', '$&{}')
      .replace('<script type=module>', (tag) => `${tag}${script.replaceAll('</script', '<\\/script')}`)
  );
}

async function built(esbuild: Esbuild, name: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [fileURLToPath(new URL(name, folder))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['es2022', 'chrome123', 'firefox128', 'safari17.5'],
    legalComments: 'none',
  });
  return outputFiles[0]!.text.trim();
}
