import { labelOf } from './wording.ts';

/** What the nodes themselves notice, and the server does not know. */
export interface NodeNotice {
  code: string;
  message: string;
  /** The option or the field that it is about, if there may be several. */
  field?: string;
}

/** The text of an answer. */
interface AnswerParts {
  text: string;
  thinking: string;
  hasCalls: boolean;
  /** Codes of what the server did not report. */
  notices: readonly { code: string }[];
}

/**
 * A notice for an answer without text, which the server counts as a success. Undefined if there is text, or if the
 * reason is known already.
 */
export function emptinessOf({ text, thinking, hasCalls, notices }: AnswerParts): NodeNotice | undefined {
  if (text.trim() !== '' || hasCalls || notices.some(({ code }) => code === 'tool_not_offered')) return undefined;
  if (thinking !== '') {
    return {
      code: 'thinking_only',
      message: `The model thought but gave no answer. Raise the option ${labelOf('num_predict')} or ${labelOf('num_ctx')}, or switch ${labelOf('think')} off.`,
    };
  }
  return {
    code: 'empty_answer',
    message: 'The answer is empty: the model wrote nothing. Check the prompt, or try another model.',
  };
}

export const takenOut: NodeNotice = {
  code: 'json_taken_out',
  message: 'The model wrote more than the JSON that it was asked for. The value was extracted from its text.',
};

/** An option whose expression has no result: it counts as not added. */
export const optionLeftOut = (label: string): NodeNotice => ({
  code: 'option_left_out',
  field: label,
  message: `The option ${label} was ignored: its expression returned no value.`,
});
