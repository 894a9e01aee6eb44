import { type Ollama, progressText } from '@ollama-toolbelt/core/node';
import { line } from './print.ts';

/** Downloads a model, and prints its progress every 10 %. */
export async function pullModel(ollama: Ollama, model: string, signal: AbortSignal): Promise<void> {
  let lastStep = '';
  await ollama.pull(
    { model },
    {
      signal,
      onProgress: ({ status }, overall) => {
        const step = `${status} ${Math.floor(10 * (overall.fraction ?? 0))}`;
        if (step !== lastStep) line(`  ${progressText(overall)}`);
        lastStep = step;
      },
    },
  );
}
