/** Prints the tables of the README anew: `pnpm --filter @ollama-toolbelt/mcp-server readme`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withReference } from '../src/reference.ts';
import { tools } from '../src/tools/index.ts';

const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, withReference(readFileSync(readme, 'utf8'), tools));
