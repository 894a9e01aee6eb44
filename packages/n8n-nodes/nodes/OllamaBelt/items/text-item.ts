import type {
  ChatResponse,
  Chunk,
  Format,
  GenerateResponse,
  Message,
  OllamaStream,
} from '@ollama-toolbelt/core/neutral';
import { OllamaError } from '@ollama-toolbelt/core/neutral';
import type { IDataObject } from 'n8n-workflow';
import { readJson } from '../../shared/json-answer.ts';
import { parameterOf } from '../../shared/parameter.ts';
import { splitThinking, ThinkingTags } from '../../shared/thinking-tags.ts';
import { answerItem, answerTextOf, rawItem, simplify, type TextAnswer, withText } from './answer-item.ts';
import { answerNotes } from './answer-notes.ts';
import { addCounts, type Counts } from './counts.ts';

import type { OperationRun } from './operation.ts';
import { isToolExecution } from './tool-execution.ts';
import { openWorkflowStream, type TextStream } from './workflow-stream.ts';

type Line = Chunk<ChatResponse> | Chunk<GenerateResponse>;
type Answer = OllamaStream<Line, TextAnswer>;

/** A rejected answer, and the request to correct it. */
export interface Refused {
  text: string;
  request: string;
}

interface TextOptions {
  format?: Format | undefined;
  /** Options for the node itself. */
  local: IDataObject;
  /** Gets the accepted answer, for example to remember it. The value it returns is added to the item. */
  accepted?: (answer: Message) => Promise<IDataObject>;
}

/**
 * Reads a text answer: streams it if the workflow streams, and makes the output item from it. `ask` sends the request,
 * and sends it again with the mistake if the answer does not match the format.
 */
export async function textItem(
  run: OperationRun,
  ask: (refused?: Refused) => Answer,
  { format, local, accepted }: TextOptions,
): Promise<IDataObject> {
  const { context, itemIndex, hints } = run;
  const isSimple = parameterOf<boolean>(context, itemIndex, simplify);
  const stream = local['stream'] === false ? undefined : openWorkflowStream(context, itemIndex);
  const counts: Counts = {};
  const notes = answerNotes(run);
  const isStripped = local['strip_thinking'] !== false;
  try {
    let triesLeft = format === undefined ? 0 : Math.max(0, Number(local['ask_again'] ?? 1));
    let refused: Refused | undefined;
    for (;;) {
      // JSON is streamed only once it is accepted, since sent text cannot be taken back.
      const read = await readAnswer(ask(refused), format === undefined ? stream : undefined, counts, isStripped);
      const { text, thinking } = read;
      // Before the answer is checked: a rejected one used tokens too.
      hints.add(itemIndex, read.counts, read.answer.notices);
      const answer: TextAnswer = { ...read.answer, ...counts };
      const message = answerTextOf(answer);
      const result = withText(answer, text, thinking);
      if (format !== undefined && !message.tool_calls?.length && !isLostCall(answer)) {
        const json = readJson(isStripped ? text : splitThinking(text).text, format);
        if ('fault' in json) {
          // An answer that reached its maximum length would do so again.
          if (triesLeft-- <= 0 || answer.done_reason === 'length') throw badAnswer(answer, json, message.content);
          notes.askedAgain(json.fault);
          refused = { text, request: mendingRequest(json.fault) };
          continue;
        }
        result.parsed = json.value;
        if (json.isTakenOut) notes.takenOut();
        stream?.text(text);
      }
      notes.emptiness(result);
      const more = await accepted?.({
        role: 'assistant',
        content: text,
        ...(message.tool_calls?.length && { tool_calls: message.tool_calls }),
      });
      const item = isSimple ? answerItem(result, notes.all, isToolExecution(context)) : rawItem(result);
      return { ...item, ...more };
    }
  } finally {
    stream?.end();
  }
}

/** Whether the model called an unknown tool and said nothing: such an answer has no value. */
const isLostCall = ({ notices = [] }: TextAnswer) => notices.some(({ code }) => code === 'tool_not_offered');

const mendingRequest = (fault: string) =>
  `Your last answer cannot be used: ${fault}. Answer again, with the complete JSON value and nothing else.`;

interface ReadAnswer {
  answer: TextAnswer;
  /** Without the model's thinking, if that is removed. */
  text: string;
  thinking: string;
  counts: Counts;
}

async function readAnswer(
  answer: Answer,
  stream: TextStream | undefined,
  total: Counts,
  isStripped: boolean,
): Promise<ReadAnswer> {
  const counts: Counts = {};
  const tags = isStripped ? new ThinkingTags() : undefined;
  const pass = (text: string) => {
    if (text) stream?.text(text);
  };
  try {
    for await (const line of answer) {
      const { content } = answerTextOf(line);
      if (content) pass(tags ? tags.add(content).text : content);
      addCounts(counts, line);
      addCounts(total, line);
    }
    pass(tags?.end().text ?? '');
  } finally {
    stream?.end();
  }
  // Not `result`, which accepts only strict JSON.
  const whole = answer.partial;
  if (whole === undefined) throw new Error('unreachable: a stream without an answer throws');
  const { content, thinking = '' } = answerTextOf(whole);
  const split = isStripped ? splitThinking(content) : { text: content, thinking: '' };
  const thoughts = [thinking, split.thinking].filter((thought) => thought !== '');
  return { answer: whole, text: split.text, thinking: thoughts.join('\n'), counts };
}

/** The error for an answer that does not match its format; it contains the complete text. */
function badAnswer(
  answer: TextAnswer,
  { fault, reason }: { fault: string; reason: 'not_json' | 'not_schema' },
  text: string,
) {
  return new OllamaError(`The answer of ${answer.model} is not what was asked for: ${fault}`, {
    code: 'bad_output',
    model: answer.model,
    reason,
    characters: text.length,
    partial: answer,
  });
}
