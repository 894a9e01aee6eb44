import { type TransferProgress as Overall, type ProgressResponse, progressText } from '@ollama-toolbelt/core/neutral';
import type { IDataObject } from 'n8n-workflow';
import { defined } from '../../shared/json.ts';
import type { OperationRun } from './operation.ts';
import { openWorkflowStream } from './workflow-stream.ts';

const PERCENT_STEP = 10;

/**
 * Runs a pull, a push or a create, and reports progress on the editor's console. Returns the last line and an item for
 * it.
 */
export async function followTransfer<Last extends ProgressResponse>(
  { context, itemIndex }: OperationRun,
  local: IDataObject,
  model: string,
  start: (onProgress: (line: ProgressResponse, overall: Overall) => void) => Promise<Last>,
): Promise<{ item: IDataObject; last: Last }> {
  const stream = local['stream_progress'] === true ? openWorkflowStream(context, itemIndex) : undefined;
  const progress = new TransferProgress((text) => {
    context.sendMessageToUI?.(text);
    stream?.text(`${text}\n`);
  });
  try {
    const last = await start(progress.add);
    return { item: progress.item(model, last), last };
  } finally {
    stream?.end();
  }
}

class TransferProgress {
  readonly #say: (text: string) => void;
  readonly #startedAt = performance.now();
  #bytes: number | undefined;
  #lastReport: string | undefined;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  readonly add = ({ status, digest, total, completed = 0 }: ProgressResponse, overall: Overall): void => {
    this.#bytes = overall.total;
    // Hashing a file does not count as sending.
    const own = digest === undefined && total ? completed / total : undefined;
    const step = Math.floor((100 * (own ?? overall.fraction ?? 0)) / PERCENT_STEP);
    const report = `${status} ${step}`;
    if (report === this.#lastReport) return;
    this.#lastReport = report;
    this.#say(own === undefined ? progressText(overall) : `${status}: ${Math.floor(100 * own)} %`);
  };

  /** The message at the end. */
  item(model: string, { status }: ProgressResponse): IDataObject {
    return defined({
      model,
      status,
      bytes: this.#bytes,
      total_ms: Math.round(performance.now() - this.#startedAt),
    });
  }
}
