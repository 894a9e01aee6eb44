import * as z from 'zod';
import type { Run, Session } from '../tool-context.ts';

/** A job in a list. */
export const JobRow = z.object({
  job: z.string(),
  tool: z.string(),
  model: z.string().optional(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  progress: z.string().optional().describe('Progress so far'),
});
type JobRow = z.input<typeof JobRow>;

/** The jobs of the client. If a host has abandoned a call, the agent can find it here. */
export const jobRows = ({ jobs }: Session): JobRow[] =>
  jobs.list().map(([job, run]) => ({
    job,
    tool: run.tool,
    ...(run.model !== undefined && { model: run.model }),
    state: stateOf(run),
    ...(run.outcome === undefined && run.howFar !== '' && { progress: run.howFar }),
  }));

function stateOf({ outcome, isCancelled }: Run): JobRow['state'] {
  if (outcome === undefined) return 'running';
  if (isCancelled) return 'cancelled';
  return 'value' in outcome ? 'done' : 'failed';
}

/** `Job 0b7c… (ollama_chat, llama3.2): running, 120 tokens` */
export const jobLine = ({ job, tool, model, state, progress }: JobRow): string =>
  `Job ${job} (${[tool, model].filter(Boolean).join(', ')}): ${[state, progress].filter(Boolean).join(', ')}`;
