import { type LinesCall, linesOf } from './lines-call.ts';
import { OllamaStream } from './stream.ts';

/** The response line by line; `finish` makes the complete response of it. */
export const streamOf = <Line extends object, Whole>(
  lines: LinesCall<Line>,
  finish: (answer: Line) => Whole,
): OllamaStream<Line, Whole> =>
  new OllamaStream({ accumulator: lines.accumulator, open: (left) => linesOf(lines, left), finish });
