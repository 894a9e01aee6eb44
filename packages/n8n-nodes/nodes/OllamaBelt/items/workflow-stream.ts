import type { IExecuteFunctions } from 'n8n-workflow';

export interface TextStream {
  text(text: string): void;
  /** Ends the stream. May be called several times. */
  end(): void;
}

/** Sends text to the Webhook or Chat Trigger while the node runs, if the workflow streams. Older n8n cannot. */
export function openWorkflowStream(context: IExecuteFunctions, itemIndex: number): TextStream | undefined {
  if (typeof context.isStreaming !== 'function' || !context.isStreaming()) return undefined;
  context.sendChunk('begin', itemIndex);
  let isOpen = true;
  return {
    text: (text) => context.sendChunk('item', itemIndex, text),
    end: () => {
      if (isOpen) context.sendChunk('end', itemIndex);
      isOpen = false;
    },
  };
}
