import type { TestProject } from 'vitest/node';
import { type Installed, npmHosts, pythonHosts } from './installed.ts';

const sources = {
  npm: npmHosts,
  'fast-agent': () => pythonHosts('fast-agent'),
  mcpo: () => pythonHosts('mcpo'),
  libraries: () => pythonHosts('libraries'),
} as const satisfies Record<string, () => Promise<Installed>>;

/** The sources from which hosts are installed. */
export type Source = keyof typeof sources;

declare module 'vitest' {
  interface ProvidedContext {
    installed: Record<Source, Installed>;
  }
}

/** Installs the hosts once for all files. The first time takes minutes. */
export async function setup(project: TestProject): Promise<void> {
  const installed = {} as Record<Source, Installed>;
  for (const [source, install] of Object.entries(sources) as [Source, () => Promise<Installed>][]) {
    const found = await install();
    if ('missing' in found)
      console.warn(`The hosts of "${source}" are skipped, because they cannot be installed: ${found.missing}`);
    installed[source] = found;
  }
  project.provide('installed', installed);
}
