import { options } from '../../shared/option-table.ts';
import { answerTextOf, type TextAnswer } from './answer-item.ts';
import type { NodeNotice } from './execution-hints.ts';
import type { OperationRun } from './operation.ts';

const labelOf = (option: string) => options[option]?.property.displayName;

/** What the node notices about an answer: for its item, and beside the output. */
export function answerNotes({ itemIndex, hints }: OperationRun) {
  const all: NodeNotice[] = [];
  const note = (code: string, message: string) => {
    all.push({ code, message });
    hints.note(itemIndex, { code, message });
  };
  return {
    all,
    askedAgain: (fault: string) =>
      note('asked_again', `The model was asked again, since its first answer could not be used: ${fault}.`),
    takenOut: () =>
      note(
        'json_taken_out',
        'The model wrote more than the JSON that it was asked for: the value was taken out of its text.',
      ),
    /** An answer without text is a success for the server. */
    emptiness: (answer: TextAnswer) => {
      const { content, thinking, tool_calls } = answerTextOf(answer);
      if (
        content.trim() !== '' ||
        tool_calls?.length ||
        answer.notices?.some(({ code }) => code === 'tool_not_offered')
      )
        return;
      if (thinking) {
        note(
          'thinking_only',
          `The model thought but gave no answer. Raise the option ${labelOf('num_predict')} or ${labelOf('num_ctx')}, or switch ${labelOf('think')} off.`,
        );
      } else {
        note(
          'empty_answer',
          'The answer is empty: the model had nothing to say. Look at the prompt, or try another model.',
        );
      }
    },
  };
}
