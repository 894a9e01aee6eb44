import type { CallOptions } from '../options.ts';
import type { Accumulator } from '../wire/accumulate.ts';
import { AnswerLines } from './answer-lines.ts';
import { Cancel } from './cancel.ts';
import type { ClientContext } from './client-context.ts';
import type { Outgoing } from './exchange.ts';

/** A call whose response comes in lines. */
export interface LinesCall<Line> {
  client: ClientContext;
  /** Called on the first read, so a request that cannot be written rejects that read. */
  prepare: () => Outgoing;
  accumulator: Accumulator<Line>;
  call: CallOptions;
}

export const linesOf = <Line extends object>(
  { client, prepare, accumulator, call }: LinesCall<Line>,
  left: Cancel,
): AnswerLines<Line> => new AnswerLines(client, prepare, accumulator, call, left);

/** The complete response, for callers that need no single line. */
export async function wholeOf<Line extends object>(lines: LinesCall<Line>): Promise<Line> {
  const { accumulator } = lines;
  for await (const batch of linesOf(lines, new Cancel())) for (const line of batch) accumulator.add(line);
  // There always is one: lines without a last one are an error.
  return accumulator.answer() as Line;
}
