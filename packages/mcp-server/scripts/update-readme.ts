/** Updates the tables of the README, and `server.json`: `pnpm --filter @ollama-toolbelt/mcp-server readme`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tools } from '../src/tools/catalog/index.ts';
import { packageFacts } from './package-facts.ts';
import { withTables } from './readme-tables.ts';
import { serverJson } from './server-json.ts';

const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, withTables(readFileSync(readme, 'utf8'), tools));
writeFileSync(new URL('../server.json', import.meta.url), `${JSON.stringify(serverJson(packageFacts()), null, 2)}\n`);
