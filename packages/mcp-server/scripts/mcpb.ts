/**
 * Creates the MCPB bundle of the built server, which Claude Desktop installs with a double click: `pnpm mcpb`, or
 * `node --conditions=source scripts/mcpb.ts OUTPUT.mcpb`. The official tool validates and packs it.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleManifest, entryPoint } from './bundle-manifest.ts';
import { packageFacts } from './package-facts.ts';

const MAX_BYTES = 500_000;
const own = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
/** The tool is a dependency of the tests, so no published package depends on it. */
const tool = own('../../test/node_modules/@anthropic-ai/mcpb/dist/cli/cli.js');

const output = resolve(process.argv[2] ?? own('ollama-toolbelt.mcpb'));
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'ollama-toolbelt-mcpb-'));
try {
  const server = join(folder, dirname(entryPoint));
  mkdirSync(server);
  // The bundle has no other package.json to mark this file as a module.
  writeFileSync(join(server, 'package.json'), '{ "type": "module" }\n');
  copyFileSync(own('dist/cli.js'), join(folder, entryPoint));
  copyFileSync(own('dist/command.js'), join(server, 'command.js'));
  cpSync(own('dist/on-demand'), join(server, 'on-demand'), { recursive: true });
  copyFileSync(own('dist/THIRD-PARTY.txt'), join(folder, 'THIRD-PARTY.txt'));
  copyFileSync(own('LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(bundleManifest(packageFacts()), null, 2)}\n`);
  const mcpb = (...args: string[]) => execFileSync(process.execPath, [tool, ...args], { stdio: 'inherit' });
  mcpb('validate', join(folder, 'manifest.json'));
  mcpb('pack', folder, output);
  const { size } = statSync(output);
  if (size > MAX_BYTES) throw new Error(`${output} has ${size} bytes, more than ${MAX_BYTES}.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
