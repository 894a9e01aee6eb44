import * as z from 'zod';
import { Refusal } from '../refusal.ts';
import { Answers, answersText, type OneOfMany } from '../support/answer.ts';
import { offset } from '../support/input-fields.ts';
import { textFrom } from '../support/text-from.ts';
import { elapsed } from '../timer.ts';
import { defineTool, readOnly } from '../tool.ts';
import { type Run, silentProgress, type ToolContext } from '../tool-context.ts';

/** Lists the fields of chat and generate. Fields of other tools are passed on. */
const JobState = z.looseObject({
  job: z.string(),
  state: z.enum(['running', 'done', 'cancelled']),
  tool: z.string(),
  offset: z.number().optional(),
  ...Answers.omit({ job: true }).shape,
});
type JobState = z.input<typeof JobState>;

export const job = defineTool({
  name: 'ollama_job',
  title: 'Collect or cancel a running answer',
  description: 'Returns the answer of an Ollama tool that returned a job: its text so far, or what follows an offset.',
  input: z.strictObject({
    job: z.string(),
    action: z.enum(['wait', 'read', 'cancel']),
    offset,
  }),
  output: JobState,
  annotations: { ...readOnly, idempotentHint: false },
  toolset: 'inference',
  server: 'own',
  // A download becomes a job too.
  scopes: ['ollama:run', 'ollama:manage'],
  needs: 'session',
  async run({ job, action, offset = 0 }, context) {
    if (context.session === undefined) throw new Refusal('This server keeps no jobs.');
    const { jobs } = context.session;
    const run = jobs.get(job);
    if (action === 'cancel') run.cancel('cancelled by ollama_job');
    // A cancelled run ends at once, with its connection to Ollama. Its answer so far can be read as long as the job is kept.
    if (action === 'cancel') await run.ended;
    if (action === 'wait') await waitFor(run, context).finally(jobs.hold(job));
    return readFrom(offset, stateOf(run, job));
  },
  skipped: ({ offset = 0 }) => offset,
  text({ job, state, tool, offset, ...value }) {
    const head = `Job ${job} (${tool}): ${state}${offset === undefined ? '' : `, from character ${offset}`}`;
    const isAnswer = value.text !== undefined || value.answers !== undefined || value.output !== undefined;
    return [...(isAnswer ? answersText(value) : [JSON.stringify(value)]), head];
  },
});

function stateOf(run: Run, job: string): JobState {
  const { outcome, tool } = run;
  if (outcome === undefined) return { ...run.soFar(), job, state: 'running', tool };
  if ('value' in outcome) return { ...outcome.value, job, state: 'done', tool };
  if (!run.isCancelled) throw outcome.error;
  const { cancelReason: reason } = run;
  const notices = reason instanceof Refusal && [{ code: 'job_ended', message: `${reason.message} ${reason.hint}` }];
  return { ...run.soFar(), ...(notices && { notices }), job, state: 'cancelled', tool };
}

/** The part of each text of an answer after an offset. Leaves out other long fields, which were already returned. */
function readFrom(offset: number, state: JobState): JobState {
  const { job, tool, text, answers } = state;
  if (offset === 0 || (text === undefined && answers === undefined)) return state;
  return {
    ...restOf(offset, state),
    ...(answers && { answers: answers.map((answer) => restOf(offset, answer)) }),
    job,
    state: state.state,
    tool,
    offset,
  };
}

function restOf(offset: number, { file, model, text, thinking, error, partial, usage }: OneOfMany): OneOfMany {
  return {
    ...(file !== undefined && { file }),
    model,
    ...(text !== undefined && { text: textFrom(offset, text) }),
    ...(thinking !== undefined && { thinking: textFrom(offset, thinking) }),
    ...(error !== undefined && { error }),
    ...(partial !== undefined && { partial }),
    usage,
  };
}

/** Waits until the job or the time of this call ends. Cancelling the wait cancels the job: nobody wants its answer. */
async function waitFor(run: Run, { budgetMs, signal, progress }: ToolContext<JobState>): Promise<void> {
  const settled = new AbortController();
  const cancel = () => run.cancel(signal.reason);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  run.tell(progress);
  try {
    await Promise.race([run.ended, ...(budgetMs > 0 ? [elapsed(budgetMs, settled.signal)] : [])]);
  } finally {
    signal.removeEventListener('abort', cancel);
    settled.abort('settled');
    run.tell(silentProgress);
  }
}
