import type { ProgressResponse } from '@ollama-toolbelt/core';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { defined } from './answer-item.ts';
import { streamTo } from './workflow-stream.ts';

const PERCENT_STEP = 10;

/** Follows the lines of a pull, a push or a create. */
export class TransferProgress {
  readonly #say: (text: string) => void;
  readonly #startedAt = performance.now();
  /** Bytes of each layer. */
  readonly #layers = new Map<string, number>();
  #said = '';

  /** `isStreamed` sends the progress to a Webhook or Chat Trigger too; the editor's console always gets it. */
  constructor(context: IExecuteFunctions, itemIndex: number, isStreamed: boolean) {
    const stream = isStreamed ? streamTo(context, itemIndex) : undefined;
    this.#say = (text) => {
      context.sendMessageToUI?.(text);
      stream?.text(`${text}\n`);
    };
    this.end = () => stream?.end();
  }

  /** Nothing more comes. */
  readonly end: () => void;

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
