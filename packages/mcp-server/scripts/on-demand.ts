/**
 * Packages that a start does not need, each in a file of its own: what is in the program is parsed at every start, whether
 * it runs or not.
 */
import { mkdirSync } from 'node:fs';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** What is taken of each, as a module. */
const parts: Readonly<Record<string, string>> = {
  // Its fetch, WebSocket, cache and mocks are two thirds of it.
  undici: `
    export { default as Agent } from 'undici/lib/dispatcher/agent.js';
    export { default as ProxyAgent } from 'undici/lib/dispatcher/proxy-agent.js';
    export { default as buildConnector } from 'undici/lib/core/connect.js';
  `,
  socks: "export { SocksClient } from 'socks';",
  minimatch: "export { Minimatch } from 'minimatch';",
};

const FOLDER = 'on-demand';

/**
 * Builds these files, and has the program load them where it imports the packages. The import should be in what the
 * program itself imports by `import()`.
 *
 * @param bundled gets the names of the files that they are made of
 */
export const onDemandPlugin = (bundled: (file: string) => void): Plugin => ({
  name: 'on-demand',
  setup(build) {
    const { initialOptions: options, esbuild } = build;
    const filter = new RegExp(`^(${Object.keys(parts).join('|')})$`);
    build.onResolve({ filter }, ({ path, resolveDir }) => ({ path, namespace: 'on-demand', pluginData: resolveDir }));
    build.onLoad({ filter: /.*/, namespace: 'on-demand' }, async ({ path, pluginData: resolveDir }) => {
      mkdirSync(`${options.outdir}/${FOLDER}`, { recursive: true });
      const { metafile } = await esbuild.build({
        stdin: { contents: parts[path] ?? '', resolveDir, sourcefile: `${path}.js` },
        outfile: `${options.outdir}/${FOLDER}/${path}.cjs`,
        bundle: true,
        minify: true,
        metafile: true,
        legalComments: 'none',
        format: 'cjs',
        platform: 'node',
        target: 'node20',
        plugins: [withoutFormData],
      });
      for (const output of Object.values(metafile.outputs)) {
        for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) if (bytesInOutput > 0) bundled(file);
      }
      return { contents: `module.exports = require('./${FOLDER}/${path}.cjs');` };
    });
    build.onResolve({ filter: /^\.\/on-demand\// }, ({ path }) => ({ path, external: true }));
  },
});

/** Of undici's body, which is otherwise most of its fetch: Ollama's API takes no FormData. */
const withoutFormData: Plugin = {
  name: 'without-form-data',
  setup(build) {
    build.onLoad({ filter: /undici[/\\]lib[/\\]web[/\\]fetch[/\\]body\.js$/ }, () => ({
      contents: "exports.extractBody = () => { throw new TypeError('FormData is not supported'); };",
    }));
  },
};
