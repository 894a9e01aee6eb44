import { createRequire } from 'node:module';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

const require = createRequire(import.meta.url);

/**
 * Takes what is used of Node's modules from the modules themselves. An `import` asks each for all it exports, and some of
 * that loads further modules: `node:util` alone brings workers in.
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
          // Marked as pure, so what nobody uses is left out.
          `const all = /* @__PURE__ */ (() => require('${path}'))();`,
          'export default all;',
          ...names.map((name) => `export const ${name} = /* @__PURE__ */ (() => all.${name})();`),
        ].join('\n'),
      };
    });
  },
};

/** What functions have, as `node:stream` is one, and a name that no constant can have. */
const notExports = new Set(['length', 'name', 'prototype', 'arguments', 'caller', 'default']);
