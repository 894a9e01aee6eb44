import { createRequire } from 'node:module';

export interface N8n {
  core: typeof import('n8n-core');
  workflow: typeof import('n8n-workflow');
  http: Http;
}

/** The HTTP library that n8n uses. */
export interface Http {
  defaults: { timeout: number };
  interceptors: { response: { use(onAnswer: (answer: object) => object): number; eject(id: number): void } };
}

/**
 * The engine and its parts. All of it is CommonJS, as are the nodes it loads. Imported any other way there would be two
 * copies of a class, and `instanceof` would fail. Its settings file is written to `userFolder`.
 */
export function loadN8n(userFolder: string): N8n {
  Object.assign(process.env, { N8N_USER_FOLDER: userFolder, N8N_ENCRYPTION_KEY: 'test', N8N_LOG_LEVEL: 'silent' });
  const require = createRequire(import.meta.url);
  require('reflect-metadata');
  const core: N8n['core'] = require('n8n-core');
  const fromCore = createRequire(require.resolve('n8n-core'));
  const workflow: N8n['workflow'] = fromCore('n8n-workflow');
  const http: Http = createRequire(fromCore.resolve('@n8n/backend-network'))('axios');
  return { core, workflow, http };
}
