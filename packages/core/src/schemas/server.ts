import * as z from 'zod';
import type * as api from './interfaces.ts';

export const VersionResponse = z.looseObject({
  version: z.string().describe('Version of Ollama, such as "0.33.0"'),
});
export type VersionResponse = api.VersionResponse;

/** Answer of `GET /api/status` (Ollama 0.16.2 and newer). */
export const StatusResponse = z.looseObject({
  cloud: z
    .looseObject({
      disabled: z.boolean().describe('Whether the server may not use cloud models'),
      source: z.string().optional().describe('Where this was set'),
    })
    .optional()
    .describe('Use of cloud models'),
});
export type StatusResponse = api.StatusResponse;

/** Answer of `POST /api/me`: the account the server is signed in with. */
export const MeResponse = z.looseObject({
  id: z.string().optional().describe('Id of the account'),
  name: z.string().optional().describe('Name of the account'),
  email: z.string().optional().describe('Email address of the account'),
  plan: z.string().optional().describe('Plan of the account, such as "free"'),
});
export type MeResponse = api.MeResponse;

/** Answer of `GET /api/experimental/model-recommendations`: models that suit this server. */
export const RecommendationsResponse = z.looseObject({
  recommendations: z
    .array(
      z.looseObject({
        model: z.string().describe('Name of the model'),
        description: z.string().optional().describe('What it is good for'),
        context_length: z.number().optional().describe('Context length, in tokens'),
        max_output_tokens: z.number().optional().describe('Longest answer, in tokens'),
        vram_bytes: z.number().optional().describe('GPU memory that it needs, in bytes'),
        required_plan: z.string().optional().describe('Plan that an account needs to use it'),
      }),
    )
    .describe('Recommended models, the best first'),
});
export type RecommendationsResponse = api.RecommendationsResponse;
