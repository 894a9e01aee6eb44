import * as z from 'zod';

export const VersionResponse = z.looseObject({ version: z.string() });
export type VersionResponse = z.output<typeof VersionResponse>;

/** Answer of `GET /api/status` (Ollama 0.16.2 and newer). */
export const StatusResponse = z.looseObject({
  cloud: z.looseObject({ disabled: z.boolean(), source: z.string().optional() }).optional(),
});
export type StatusResponse = z.output<typeof StatusResponse>;
