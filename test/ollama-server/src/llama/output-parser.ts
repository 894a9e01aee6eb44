export type OutputDelta =
  | { thinking: string }
  | { content: string }
  | { toolCall: { name: string; arguments: Record<string, unknown> } };

/** Splits the text of a model, as it comes, into thoughts, answer and tool calls. */
export class OutputParser {
  /** `think`: `'open'` when the prompt ended inside `<think>`, true when the model may open it itself. `tools`: look for tool calls. */
  constructor(_settings: { think?: boolean | 'open'; tools?: boolean }) {}

  push(text: string): OutputDelta[] {
    return [{ content: text }];
  }

  /** What was held back, once the model has ended. */
  end(): OutputDelta[] {
    return [];
  }
}
