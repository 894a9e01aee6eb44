import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePort } from '../../fixtures/free-port.ts';
import { exampleFolder } from './examples.ts';
import { installedN8n } from './installed-n8n.ts';
import { type N8nAccess, N8nApi } from './n8n-api.ts';
import { N8nHome } from './n8n-home.ts';
import { startServer } from './n8n-process.ts';
import { CREDENTIAL_TYPE } from './workflow.ts';

declare module 'vitest' {
  interface ProvidedContext {
    n8n: { bin: string; access: N8nAccess; examplesPort: number } | { missing: string };
  }
}

/** Runs once for all files: installs n8n, which takes minutes the first time, and starts the server that they share. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  let bin: string;
  try {
    bin = await installedN8n();
  } catch (error) {
    const missing = error instanceof Error ? error.message : String(error);
    console.warn(`The tests in a real n8n are skipped, because it cannot be installed: ${missing}`);
    project.provide('n8n', { missing });
    return undefined;
  }
  const stack = new AsyncDisposableStack();
  try {
    const home = stack.use(await N8nHome.create(bin));
    const examplesPort = await freePort();
    await importExamples(home, `http://127.0.0.1:${examplesPort}`);
    const { server, url } = await startServer(home);
    stack.use(server);
    const { access } = await N8nApi.setUp(url);
    project.provide('n8n', { bin, access, examplesPort });
    return () => stack.disposeAsync();
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** Like a person who has a credential of that name: the files themselves are not changed. */
async function importExamples(home: N8nHome, baseUrl: string): Promise<void> {
  const credential = { id: 'ollama-toolbelt', name: 'Ollama Toolbelt account', type: CREDENTIAL_TYPE };
  await writeFile(path.join(home.folder, 'credentials.json'), JSON.stringify([{ ...credential, data: { baseUrl } }]));
  await home.succeed(['import:credentials', '--input=credentials.json']);
  await home.succeed(['import:workflow', '--separate', `--input=${exampleFolder}`]);
}
