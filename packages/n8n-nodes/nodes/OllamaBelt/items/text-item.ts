import type { ChatResponse, Chunk, Format, GenerateResponse, OllamaStream } from '@ollama-toolbelt/core';
import type { IDataObject } from 'n8n-workflow';
import { answerItem, answerTextOf, rawItem, type TextAnswer } from './answer-item.ts';
import { addCounts, type Counts } from './counts.ts';
import type { OperationRun } from './operation.ts';
import { checkFields } from './output-format.ts';
import { isToolExecution } from './tool-execution.ts';
import { openWorkflowStream } from './workflow-stream.ts';

type Line = Chunk<ChatResponse> | Chunk<GenerateResponse>;

interface TextOptions {
  format?: Format | undefined;
  /** Options for the node itself. */
  local: IDataObject;
}

/** Reads an answer in words: passes it on as it comes if the workflow streams, and makes the output item of it. */
export async function textItem(
  run: OperationRun,
  answer: OllamaStream<Line, TextAnswer>,
  { format, local }: TextOptions,
): Promise<IDataObject> {
  const { context, itemIndex, hints } = run;
  const stream = local['stream'] === false ? undefined : openWorkflowStream(context, itemIndex);
  const counts: Counts = {};
  try {
    for await (const line of answer) {
      const { content } = answerTextOf(line);
      if (content) stream?.text(content);
      addCounts(counts, line);
    }
  } finally {
    stream?.end();
  }
  // Before the answer is checked: one that is refused has cost its tokens too.
  hints.add(itemIndex, counts, answer.partial?.notices);
  const { notices, ...whole } = await answer.result();
  checkFields(run, format, whole);
  const told = { ...whole, ...counts, ...(notices?.length && { notices }) };
  const isSimple = context.getNodeParameter('simplify', itemIndex, true) === true;
  return isSimple ? answerItem(told, isToolExecution(context)) : rawItem(told);
}
