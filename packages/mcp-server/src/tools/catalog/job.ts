import * as z from 'zod';
import { Refusal } from '../refusal.ts';
import { Answers, answersText } from '../support/answer.ts';
import { elapsed } from '../timer.ts';
import { defineTool, readOnly } from '../tool.ts';
import { type Run, silentProgress, type ToolContext } from '../tool-context.ts';

/** The fields of chat and generate by name; those of other tools pass through. */
const JobState = z.looseObject({
  job: z.string(),
  state: z.enum(['running', 'done', 'cancelled']),
  tool: z.string(),
  ...Answers.omit({ job: true }).shape,
});
type JobState = z.input<typeof JobState>;

export const job = defineTool({
  name: 'ollama_job',
  title: 'Collect or cancel a running answer',
  description: 'The rest of an answer that an Ollama tool returned as partial, with a job.',
  input: z.strictObject({
    job: z.string(),
    action: z.enum(['wait', 'read', 'cancel']),
  }),
  output: JobState,
  annotations: { ...readOnly, idempotentHint: false },
  toolset: 'inference',
  needs: 'session',
  async run({ job, action }, context) {
    if (context.session === undefined) throw new Refusal('This server keeps no jobs.');
    const run = context.session.jobs.get(job);
    if (action === 'cancel') run.cancel('cancelled by ollama_job');
    // A cancelled run ends at once, with its connection to Ollama. Its answer so far can be read as long as the job is kept.
    if (action === 'cancel') await run.ended;
    if (action === 'wait') await waitFor(run, context);
    return stateOf(run, job);
  },
  text({ job, state, tool, ...value }) {
    const head = `Job ${job} (${tool}): ${state}`;
    const isAnswer = value.text !== undefined || value.answers !== undefined;
    return [...(isAnswer ? answersText(value) : [JSON.stringify(value)]), head];
  },
});

function stateOf(run: Run, job: string): JobState {
  const { outcome, tool } = run;
  if (outcome === undefined) return { ...run.soFar(), job, state: 'running', tool };
  if ('value' in outcome) return { ...outcome.value, job, state: 'done', tool };
  if (run.isCancelled) return { ...run.soFar(), job, state: 'cancelled', tool };
  throw outcome.error;
}

/** Until the job ends, or the time of this call does. Cancelling the wait cancels the job: nobody wants its answer. */
async function waitFor(run: Run, { budgetMs, signal, progress }: ToolContext<JobState>): Promise<void> {
  const settled = new AbortController();
  const cancel = () => run.cancel(signal.reason);
  signal.addEventListener('abort', cancel, { once: true, signal: settled.signal });
  if (signal.aborted) cancel();
  run.tell(progress);
  try {
    await Promise.race([run.ended, ...(budgetMs > 0 ? [elapsed(budgetMs, settled.signal)] : [])]);
  } finally {
    settled.abort();
    run.tell(silentProgress);
  }
}
