/**
 * Puts packages that are not needed at the start into separate files: everything in the program itself is parsed at
 * every start, even if it never runs.
 */
import { mkdirSync } from 'node:fs';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** A module with the used parts of each package. */
const parts: Readonly<Record<string, string>> = {
  // Leaves out fetch, WebSocket, cache and mocks: two thirds of the package.
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
 * Builds these files, and makes the program load them in place of the packages. Only import these packages in code that
 * is loaded by `import()`.
 *
 * @param bundled receives the names of their source files
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

/** Leaves out FormData, most of undici's body code: Ollama's API does not use it. */
const withoutFormData: Plugin = {
  name: 'without-form-data',
  setup(build) {
    build.onLoad({ filter: /undici[/\\]lib[/\\]web[/\\]fetch[/\\]body\.js$/ }, () => ({
      contents: "exports.extractBody = () => { throw new TypeError('FormData is not supported'); };",
    }));
  },
};
