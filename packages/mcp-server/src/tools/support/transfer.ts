import {
  type CreateResponse,
  createProgressMeter,
  type Notice,
  progressText,
  type TransferProgress,
} from '@ollama-toolbelt/core/neutral';
import * as z from 'zod';
import { noticesInWords } from '../notice-words.ts';
import type { ToolContext } from '../tool-context.ts';
import { noticeLines, ongoing } from './output-fields.ts';

/** The result of pull, push and create. */
export const Transfer = z.object({
  model: z.string(),
  status: z.string(),
  completed: z.number().optional().describe('Bytes'),
  total: z.number().optional().describe('Bytes known so far'),
  ...ongoing,
});
export type Transfer = z.input<typeof Transfer>;

/** Reads the progress of a transfer to its end, and adds up the bytes of all layers. */
export async function transfer(
  model: string,
  lines: AsyncIterable<CreateResponse>,
  { progress, partial }: Pick<ToolContext<Transfer>, 'progress' | 'partial'>,
): Promise<Transfer> {
  const meter = createProgressMeter();
  let overall: Partial<TransferProgress> & { status: string } = { status: 'starting' };
  let notices: Notice[] = [];
  const value = (): Transfer => {
    const { status, completed, total } = overall;
    return {
      model,
      status,
      ...(total !== undefined && { completed, total }),
      ...(notices.length > 0 && { notices: noticesInWords(notices) }),
    };
  };
  partial({ value });
  progress.report(0, overall.status);
  for await (const line of lines) {
    const now = meter.add(line);
    overall = now;
    notices = line.notices ?? notices;
    // Layers become known one by one: the total may grow, but is never less than the bytes received.
    progress.report(now.completed, progressText(now), now.total === undefined ? {} : { total: now.total });
  }
  return value();
}

/** The value as one line, with its notices. */
export function transferText({ model, status, completed, total, partial, job, notices = [] }: Transfer): string[] {
  const bytes = total === undefined ? '' : `, ${completed} of ${total} bytes`;
  const rest = partial ? `, incomplete${job === undefined ? '' : `, job ${job}`}` : '';
  return [[`${model}: ${status}${bytes}${rest}`, ...noticeLines(notices)].join('\n')];
}
