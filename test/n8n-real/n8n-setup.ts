import type { TestProject } from 'vitest/node';
import { installedN8n } from './installed-n8n.ts';

declare module 'vitest' {
  interface ProvidedContext {
    n8n: { bin: string } | { missing: string };
  }
}

/** Once for all files: gets n8n, which takes minutes the first time. */
export async function setup(project: TestProject): Promise<void> {
  try {
    project.provide('n8n', { bin: await installedN8n() });
  } catch (error) {
    const missing = error instanceof Error ? error.message : String(error);
    console.warn(`The tests in a real n8n are skipped, because it cannot be installed: ${missing}`);
    project.provide('n8n', { missing });
  }
}
