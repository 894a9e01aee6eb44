import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkflowFile } from './workflow.ts';

/** The workflows that the node package shows to people. */
export const exampleFolder = path.resolve(import.meta.dirname, '../../../packages/n8n-nodes/examples');

export const examples: WorkflowFile[] = readdirSync(exampleFolder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(path.join(exampleFolder, name), 'utf8')));

/** The models they name. */
export function modelsOf(files: readonly WorkflowFile[]): string[] {
  const names = files.flatMap(({ nodes }) =>
    nodes.map(({ parameters }) => {
      const model = parameters['model'];
      return typeof model === 'object' && model !== null && 'value' in model ? String(model.value) : '';
    }),
  );
  return [...new Set(names.filter((name) => name !== '' && !name.startsWith('=')))];
}
