import type { CreateResponse, Notice } from '@ollama-toolbelt/core';
import * as z from 'zod';
import { noticesInWords } from '../notice-words.ts';
import type { ToolContext } from '../tool-context.ts';
import { noticeLines, ongoing } from './output-fields.ts';

/** What pull, push and create answer with. */
export const Transfer = z.object({
  model: z.string(),
  status: z.string(),
  completed: z.number().optional().describe('Bytes'),
  total: z.number().optional().describe('Bytes known so far'),
  ...ongoing,
});
export type Transfer = z.input<typeof Transfer>;

/** Reads the progress of a transfer to its end: the bytes of all layers together. */
export async function transfer(
  model: string,
  lines: AsyncIterable<CreateResponse>,
  { progress, partial }: Pick<ToolContext<Transfer>, 'progress' | 'partial'>,
): Promise<Transfer> {
  const layers = new Map<string, { total: number; completed: number }>();
  let status = 'starting';
  let notices: Notice[] = [];
  /** Never falls, so progress never goes back. */
  let completed = 0;
  const value = (): Transfer => {
    const { total } = sum(layers);
    return {
      model,
      status,
      ...(layers.size > 0 && { completed, total }),
      ...(notices.length > 0 && { notices: noticesInWords(notices) }),
    };
  };
  partial({ value });
  progress.report(0, status);
  for await (const line of lines) {
    status = line.status;
    notices = line.notices ?? notices;
    const { digest, total } = line;
    if (digest !== undefined && total !== undefined) {
      const before = layers.get(digest)?.completed ?? 0;
      layers.set(digest, { total, completed: Math.max(line.completed ?? 0, before) });
    }
    const all = sum(layers);
    completed = Math.max(completed, all.completed);
    // Layers become known one after the other: the total may grow, and is never less than what has arrived.
    progress.report(completed, status, layers.size > 0 ? { total: Math.max(all.total, completed) } : {});
  }
  return value();
}

function sum(layers: ReadonlyMap<string, { total: number; completed: number }>) {
  const all = [...layers.values()];
  return {
    total: all.reduce((bytes, layer) => bytes + layer.total, 0),
    completed: all.reduce((bytes, layer) => bytes + layer.completed, 0),
  };
}

/** The value in one line, and its notices. */
export function transferText({ model, status, completed, total, partial, job, notices = [] }: Transfer): string[] {
  const bytes = total === undefined ? '' : `, ${completed} of ${total} bytes`;
  const rest = partial ? `, incomplete${job === undefined ? '' : `, job ${job}`}` : '';
  return [[`${model}: ${status}${bytes}${rest}`, ...noticeLines(notices)].join('\n')];
}
