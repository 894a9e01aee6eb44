import type { ChatResponse, Chunk, Format, GenerateResponse } from '@ollama-toolbelt/core';
import type { IDataObject } from 'n8n-workflow';
import { gather } from './accumulate-answer.ts';
import { answerItem, rawItem, saidIn } from './answer-item.ts';
import type { OperationRun } from './operation.ts';
import { parsedOutput } from './output-format.ts';
import { isForAgent } from './tool-execution.ts';
import { streamTo } from './workflow-stream.ts';

interface TextOptions {
  format?: Format | undefined;
  /** Options for the node itself. */
  local: IDataObject;
}

/** Reads an answer in words: passes it on as it comes where the workflow streams, and makes the output item of it. */
export async function textItem(
  { context, itemIndex, notes }: OperationRun,
  lines: AsyncIterable<Chunk<ChatResponse> | Chunk<GenerateResponse>>,
  { format, local }: TextOptions,
): Promise<IDataObject> {
  const stream = local['stream'] === false ? undefined : streamTo(context, itemIndex);
  let answer: Chunk<ChatResponse> | Chunk<GenerateResponse>;
  try {
    answer = await gather(lines, stream?.text);
  } finally {
    stream?.end();
  }
  notes.answered(itemIndex, answer, answer.notices);
  const { content, tool_calls: calls } = saidIn(answer);
  // What calls tools has nothing to parse yet.
  const isFormatted = format !== undefined && (content !== '' || !calls?.length);
  const whole = isFormatted ? { ...answer, parsed: parsedOutput(format, content, answer.model) } : answer;
  const isSimple = context.getNodeParameter('simplify', itemIndex, true) === true;
  return isSimple ? answerItem(whole, isForAgent(context)) : rawItem(whole);
}
