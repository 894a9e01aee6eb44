import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { DemoError } from './demo-error.ts';

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Arguments {
  help: boolean;
  /** A model to download first. */
  pull: string | undefined;
  schemaFile: { read(): object };
}

/** The schema of the JSON step, unless a file is given. */
const defaultSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, city: { type: 'string' } },
  required: ['name', 'city'],
};

export function parseArguments(argv: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      // pnpm passes on its own `--`.
      args: argv.filter((argument) => argument !== '--'),
      options: { schema: { type: 'string' }, pull: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    const file = values.schema;
    return {
      help: values.help === true,
      pull: values.pull,
      schemaFile: { read: () => (file === undefined ? defaultSchema : readSchema(file)) },
    };
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} See: pnpm demo --help`);
  }
}

/** Keywords that describe a value. An object without any of them is most likely not a schema. */
const keywords = ['type', 'properties', 'items', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', '$ref', 'required'];

function readSchema(file: string): object {
  let schema: unknown;
  try {
    schema = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why =
      error instanceof SyntaxError
        ? 'it is not valid JSON'
        : `it cannot be read (${(error as NodeJS.ErrnoException).code})`;
    throw new DemoError(`--schema ${file}: ${why}.`);
  }
  if (typeof schema !== 'object' || schema === null || !keywords.some((keyword) => keyword in schema)) {
    throw new DemoError(
      `--schema ${file}: it is not a JSON Schema: an object with a "type" or "properties" is expected.`,
    );
  }
  const ajv = new Ajv2020({ strict: false, logger: false });
  // `$schema` may name another draft, which has the same keywords.
  const { $schema: _, ...rest } = schema as Record<string, unknown>;
  if (!ajv.validateSchema(rest)) {
    throw new DemoError(
      `--schema ${file}: it is not a JSON Schema: ${ajv.errorsText(ajv.errors, { dataVar: 'schema' })}.`,
    );
  }
  return schema;
}
