import { options } from './option-table.ts';

/** What the nodes themselves notice, which the server knows nothing of. */
export interface NodeNotice {
  code: string;
  message: string;
}

const labelOf = (option: string) => options[option]?.property.displayName;

/** What an answer says. */
interface Said {
  text: string;
  thinking: string;
  hasCalls: boolean;
  /** Codes of what the server kept quiet about. */
  notices: readonly { code: string }[];
}

/** An answer without text is a success for the server. Nothing if there is one, or if it is known already why there is none. */
export function emptinessOf({ text, thinking, hasCalls, notices }: Said): NodeNotice | undefined {
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

/** An option whose expression gave nothing: it counts as not added. */
export const optionLeftOut = (label: string): NodeNotice => ({
  code: `option_left_out ${label}`,
  message: `The option ${label} was left out: its expression returned no value.`,
});
