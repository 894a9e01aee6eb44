// Summarizes many files: two at a time, at most 30 a minute, with a progress bar. Prints one JSON object per line on
// stdout.
//
//   node summarize-files.ts reports/*.txt > summaries.jsonl
import { readFile } from 'node:fs/promises';
import { createOllama } from '@ollama-toolbelt/core/node';

const files = process.argv.slice(2);
const model = process.env['OLLAMA_MODEL'] ?? 'llama3.2';
const ollama = createOllama({ concurrency: 2, rateLimit: { calls: 30, periodMs: 60_000 } });

// Ctrl-C cancels the running calls, and those that still wait.
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

let done = 0;
showProgress();
// Starts all of them: the client makes them wait for their turn.
await Promise.all(
  files.map(async (file) => {
    const result = await summarize(file);
    console.log(JSON.stringify({ file, ...result }));
    done += 1;
    showProgress();
  }),
);
process.stderr.write('\n');

async function summarize(file: string): Promise<{ summary: string } | { error: string }> {
  try {
    const prompt = `Summarize this text in one sentence.\n\n${await readFile(file, 'utf8')}`;
    const { response } = await ollama.generate({ model, prompt }, { signal: stop.signal });
    return { summary: response };
  } catch (error) {
    // One bad file must not stop the others.
    process.exitCode = 1;
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function showProgress(): void {
  const width = 30;
  const filled = files.length === 0 ? width : Math.round((width * done) / files.length);
  process.stderr.write(`\r[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${done}/${files.length}`);
}
