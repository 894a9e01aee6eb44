import type { StandardSchemaV1 } from '@modelcontextprotocol/server';

/** Accepts any parameters: `incoming-message.ts` has already checked every message that reaches the SDK. */
export const anyParams: StandardSchemaV1<unknown, Readonly<Record<string, unknown>>> = {
  '~standard': {
    version: 1,
    vendor: 'ollama-toolbelt',
    validate: (value) => ({ value: value as Readonly<Record<string, unknown>> }),
  },
};
