import type { OllamaError } from '../errors/errors.ts';
import { callHook } from '../errors/hook-failure.ts';
import { batchesOf, type OllamaStream } from './stream.ts';

/**
 * The complete answer; `onProgress` gets each line as it arrives. Unlike `result`, it keeps no lines for a later loop.
 */
export async function wholeAnswer<Line, Whole>(
  stream: OllamaStream<Line, Whole>,
  onProgress?: (line: Line) => void,
): Promise<Whole> {
  let rejected: OllamaError | undefined;
  const reject = (error: OllamaError) => {
    rejected ??= error;
    // The next line may be minutes away.
    stream.return().catch(() => {});
  };
  for await (const lines of batchesOf(stream)) {
    if (onProgress) for (const line of lines) callHook('onProgress', onProgress, line, reject);
  }
  if (rejected) throw rejected;
  return stream.result();
}
