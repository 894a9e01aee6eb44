import * as z from 'zod';

export const VersionResponse = z.looseObject({ version: z.string() });
export type VersionResponse = z.output<typeof VersionResponse>;

/** Answer of `GET /api/status` (Ollama 0.16.2 and newer). */
export const StatusResponse = z.looseObject({
  cloud: z.looseObject({ disabled: z.boolean(), source: z.string().optional() }).optional(),
});
export type StatusResponse = z.output<typeof StatusResponse>;

/** Answer of `POST /api/me`: the account the server is signed in with. */
export const MeResponse = z.looseObject({
  id: z.string().optional(),
  name: z.string().optional(),
  email: z.string().optional(),
  plan: z.string().optional(),
});
export type MeResponse = z.output<typeof MeResponse>;

/** Answer of `GET /api/experimental/model-recommendations`: models that suit this server. */
export const RecommendationsResponse = z.looseObject({
  recommendations: z.array(
    z.looseObject({
      model: z.string(),
      description: z.string().optional(),
      context_length: z.number().optional().describe('Tokens'),
      max_output_tokens: z.number().optional(),
      vram_bytes: z.number().optional(),
      required_plan: z.string().optional(),
    }),
  ),
});
export type RecommendationsResponse = z.output<typeof RecommendationsResponse>;
