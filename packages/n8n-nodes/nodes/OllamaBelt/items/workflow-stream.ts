import type { IExecuteFunctions } from 'n8n-workflow';

export interface TextStream {
  text(text: string): void;
  /** Nothing more comes; a second time it does nothing. */
  end(): void;
}

/** Where the workflow answers a Webhook or a Chat Trigger piece by piece, the way there; older n8n has none. */
export function streamTo(context: IExecuteFunctions, itemIndex: number): TextStream | undefined {
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
