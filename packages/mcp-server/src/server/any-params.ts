import type { StandardSchemaV1 } from '@modelcontextprotocol/server';

/** Lets all parameters of a method pass. What reaches the SDK has been read by `incoming-message.ts`. */
export const anyParams: StandardSchemaV1<unknown, Readonly<Record<string, unknown>>> = {
  '~standard': {
    version: 1,
    vendor: 'ollama-toolbelt',
    validate: (value) => ({ value: value as Readonly<Record<string, unknown>> }),
  },
};
