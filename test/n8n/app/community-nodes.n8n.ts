import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { chromium } from '../../fixtures/chromium.ts';
import { type NpmRegistry, type PublishedVersion, startNpmRegistry } from '../../fixtures/npm-registry.ts';
import { packedPackage } from '../../fixtures/packed-package.ts';
import { EditorPage, seen } from './editor-page.ts';
import { N8nApi } from './n8n-api.ts';
import { N8nHome } from './n8n-home.ts';
import { startServer } from './n8n-process.ts';
import { chain, chatParameters, ourNode, startNode } from './workflow.ts';

const n8n = inject('n8n');
const run = promisify(execFile);
const name = 'n8n-nodes-ollama-belt';
const isMissing = 'missing' in n8n || chromium === undefined || process.platform === 'win32';

describe.skipIf(isMissing)("n8n's form for community nodes", () => {
  const stack = new AsyncDisposableStack();
  let registry: NpmRegistry;
  let server: ScriptedServer;
  let editor: EditorPage;
  let api: N8nApi;
  let workflow: ReturnType<N8nApi['addWorkflow']>;

  beforeAll(async () => {
    if ('missing' in n8n) return;
    server = stack.use(await startScripted());
    registry = stack.use(await startNpmRegistry(await publishedNodes()));
    const home = stack.use(await N8nHome.createEmpty(n8n.bin));
    const PATH = `${await npmOf(home, registry)}${path.delimiter}${process.env['PATH']}`;
    const { server: started, url } = await startServer(home, { PATH });
    stack.use(started);
    api = await N8nApi.setUp(url);
    editor = stack.use(await EditorPage.open(chromium!, api.access));
  });
  afterAll(() => stack.disposeAsync());

  const showsVersion = (version: string) =>
    editor.page.until(`${seen('community-package-card')}?.innerText.includes('v${version}')`);

  /** Runs a workflow with a node of the package. */
  async function answers(text: string): Promise<void> {
    server.chat({ text });
    const execution = await api.ended(await api.start(await workflow));
    expect(execution.status).toBe('success');
    expect(JSON.stringify(execution.run)).toContain(text);
  }

  test('installs the package by its name, and its nodes run', async () => {
    await editor.goto('/settings/community-nodes');
    await editor.page.click('[data-test-id="empty-state"] button');
    await editor.page.click('[data-test-id="package-name-input"]');
    await editor.page.type(name);
    await editor.page.click('[data-test-id="user-agreement-checkbox"]');
    await editor.page.click('[data-test-id="install-community-package-button"]');
    const [published] = registry.versions;
    await showsVersion(published!.manifest.version);
    for (const node of ['Ollama Toolbelt Chat Model', 'Ollama Toolbelt Embeddings', 'Ollama Toolbelt Trigger']) {
      expect(await editor.text()).toContain(node);
    }
    const credential = await api.addCredential({ baseUrl: server.host });
    workflow = api.addWorkflow(chain('A question', [startNode, ourNode(chatParameters(), credential)]));
    await answers('Rayleigh scattering.');
  });

  test('offers a later version, and the workflow runs on it', async () => {
    registry.versions.push(await publishedNodes('99.0.0'));
    await editor.goto('/settings/community-nodes');
    await editor.page.click('[data-test-id="community-package-card"] button');
    await editor.clickText('Confirm update');
    await showsVersion('99.0.0');
    await answers('Still Rayleigh scattering.');
  });
});

/** Our nodes as they would be published, or a later version of them. */
async function publishedNodes(version?: string): Promise<PublishedVersion> {
  await using packed = await packedPackage('n8n-nodes', 'unpacked/package');
  const file = path.join(packed.directory, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as PublishedVersion['manifest'];
  if (version === undefined) return { manifest, tarball: await readFile(packed.tarball) };
  manifest.version = version;
  await writeFile(file, JSON.stringify(manifest));
  const tarball = path.join(packed.root, 'later.tgz');
  await run('tar', ['-czf', tarball, '-C', path.dirname(packed.directory), 'package']);
  return { manifest, tarball: await readFile(tarball) };
}

/**
 * A folder with an `npm` that asks our registry. n8n takes others from its settings only with a license, so they are
 * replaced on the way to the real npm.
 */
async function npmOf(home: N8nHome, { url }: NpmRegistry): Promise<string> {
  const { stdout } = await run('which', ['npm']);
  const folder = path.join(home.folder, 'bin');
  await mkdir(folder);
  const file = path.join(folder, 'npm');
  await writeFile(file, `#!/bin/sh\nexec '${stdout.trim()}' "$@" --registry=${url}\n`);
  await chmod(file, 0o755);
  return folder;
}
