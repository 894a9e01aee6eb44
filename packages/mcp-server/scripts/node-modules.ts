import { createRequire } from 'node:module';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

const require = createRequire(import.meta.url);

/**
 * Reads only the used exports of Node's modules. An `import` reads all exports of a module, and some of them load more
 * modules: `node:util` alone loads workers.
 */
export const nodeModulesPlugin: Plugin = {
  name: 'node-modules',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'node-module' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'node-module' }, ({ path }) => {
      const names = Object.getOwnPropertyNames(require(path)).filter((name) => !notExports.has(name));
      return {
        contents: [
          // Marked as pure, so unused exports are removed.
          `const all = /* @__PURE__ */ (() => require('${path}'))();`,
          'export default all;',
          ...names.map((name) => `export const ${name} = /* @__PURE__ */ (() => all.${name})();`),
        ].join('\n'),
      };
    });
  },
};

/** Properties of functions, because `node:stream` is one, and a name that a constant cannot have. */
const notExports = new Set(['length', 'name', 'prototype', 'arguments', 'caller', 'default']);
