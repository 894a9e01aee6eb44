import * as z from 'zod';

/** Fields of an answer whose work can take longer than a call may. */
export const ongoing = {
  partial: z.boolean().optional().describe('true: this is not all of it'),
  job: z.string().optional().describe('Handle for ollama_job'),
  notices: z.array(z.object({ code: z.string(), message: z.string() })).optional(),
};

export type Notices = { code: string; message: string }[];
