import { ModelOptions } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';
import { type Schema, schemaTable } from './schema-table.ts';

/** All model options. */
export function modelOptionsPage(): string {
  const schema = z.toJSONSchema(ModelOptions, { io: 'input' }) as unknown as Schema;
  return [
    '# Model options',
    'The `options` of a call in the client and in the MCP tools, and the PARAMETER lines of a Modelfile. In n8n they are under Options. A model sets its own values for some of them; what nobody sets has the default of Ollama.',
    schemaTable(schema),
    'What stands beside `options` in a request (`format`, `think`, `keep_alive` …) is on the pages of [the requests](/api/node/interfaces/ChatRequest). What a call of the client takes is in [CallOptions](/api/node/interfaces/CallOptions), and what a client takes in [NodeOptions](/api/node/interfaces/NodeOptions) and [FetchOptions](/api/fetch/interfaces/FetchOptions).',
  ].join('\n\n');
}
