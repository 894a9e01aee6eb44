import type { ProgressResponse } from '@ollama-toolbelt/core';
import type { IDataObject } from 'n8n-workflow';
import { defined } from '../../shared/json.ts';
import type { OperationRun } from './operation.ts';
import { openWorkflowStream } from './workflow-stream.ts';

const PERCENT_STEP = 10;

/** Runs a pull, a push or a create, and tells the editor's console how far it is. Gives the last line, and an item of it. */
export async function followTransfer<Last extends ProgressResponse>(
  { context, itemIndex }: OperationRun,
  local: IDataObject,
  model: string,
  start: (onProgress: (line: ProgressResponse) => void) => Promise<Last>,
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
  /** Bytes of each layer. */
  readonly #layers = new Map<string, number>();
  #said = '';

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  readonly add = ({ status, digest, total, completed = 0 }: ProgressResponse): void => {
    if (digest !== undefined && total !== undefined) this.#layers.set(digest, total);
    const share = total ? Math.floor((100 * completed) / total / PERCENT_STEP) * PERCENT_STEP : undefined;
    const text = share === undefined ? String(status) : `${status} ${share} %`;
    if (text !== this.#said) this.#say(text);
    this.#said = text;
  };

  /** What there is to say when it is over. */
  item(model: string, { status }: ProgressResponse): IDataObject {
    const bytes = [...this.#layers.values()].reduce((sum, size) => sum + size, 0);
    return defined({
      model,
      status,
      bytes: bytes === 0 ? undefined : bytes,
      total_ms: Math.round(performance.now() - this.#startedAt),
    });
  }
}
