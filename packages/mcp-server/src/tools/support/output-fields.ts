/** Fields of results that several tools share. */
import * as z from 'zod';

/** Times and token counts by name: `{ prompt_tokens: 12, total_ms: 800 }`. */
export const usage = z.record(z.string(), z.number());

const Notice = z.object({ code: z.string(), message: z.string() });
type Notice = z.input<typeof Notice>;

/** Result fields of a tool whose work can take longer than a call may. */
export const ongoing = {
  partial: z.boolean().optional().describe('true: the answer is incomplete'),
  job: z.string().optional().describe('Handle for ollama_job'),
  notices: z.array(Notice).optional(),
};

/** `prompt_tokens 12, total_ms 800` */
export const usageText = (usage: Readonly<Record<string, number>>): string =>
  Object.entries(usage)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** One line for each notice. */
export const noticeLines = (notices: readonly Notice[]): string[] => notices.map(({ message }) => `Notice: ${message}`);
