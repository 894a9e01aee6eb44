import { emptinessOf, type NodeNotice, takenOut } from '../../shared/answer-notes.ts';
import { answerTextOf, type TextAnswer } from './answer-item.ts';
import type { OperationRun } from './operation.ts';

/** What the node notices about an answer: for its item, and for display with the output. */
export function answerNotes({ itemIndex, hints }: OperationRun) {
  const all: NodeNotice[] = [];
  const note = (notice: NodeNotice) => {
    all.push(notice);
    hints.note(itemIndex, notice);
  };
  return {
    all,
    askedAgain: (fault: string) =>
      note({
        code: 'asked_again',
        message: `The model was asked again, since its first answer could not be used: ${fault}.`,
      }),
    takenOut: () => note(takenOut),
    emptiness: (answer: TextAnswer) => {
      const { content, thinking = '', tool_calls: calls = [] } = answerTextOf(answer);
      const { notices = [] } = answer;
      const emptiness = emptinessOf({ text: content, thinking, hasCalls: calls.length > 0, notices });
      if (emptiness) note(emptiness);
    },
  };
}
