import { largeAnswer, largeAnswerMemory, manyTexts, rank } from './core/embeddings.ts';
import { firstToken } from './core/first-token.ts';
import { flat } from './core/flat.ts';
import { longConversation } from './core/long-conversation.ts';
import { oddAnswers } from './core/odd-answers.ts';
import { smallCalls } from './core/small-calls.ts';
import { streams } from './core/streams.ts';
import type { Row } from './row.ts';

/** All rows that are measured in rounds, in the order of the table. */
export const rows: readonly Row[] = [
  ...smallCalls,
  ...streams,
  ...oddAnswers,
  firstToken,
  largeAnswer,
  largeAnswerMemory,
  manyTexts,
  rank,
  longConversation,
  ...flat,
];
