// Finds passages by meaning in a folder of notes. Type a question to get the three closest passages.
//
//   node search-folder.ts ~/notes
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createOllama } from '@ollama-toolbelt/core/node';

const [folder = '.'] = process.argv.slice(2);
const model = process.env['OLLAMA_EMBED_MODEL'] ?? 'nomic-embed-text';

// Each question reads the folder again. With the cache, only passages that changed are embedded again.
const ollama = createOllama({ embedCache: { maxBytes: 200_000_000 } });

process.stdout.write('? ');
for await (const question of createInterface({ input: process.stdin })) {
  const passages = await readPassages(folder);
  const texts = passages.map(({ text }) => text);
  // Any number of texts: they are sent in batches, equal texts only once, and returned in order.
  const { embeddings } = await ollama.embed({ model, input: [question, ...texts] });
  const [wanted = [], ...vectors] = embeddings;
  const ranked = passages
    .map((passage, index) => ({ ...passage, score: similarity(wanted, vectors[index] ?? []) }))
    .sort((a, b) => b.score - a.score);
  for (const { file, text, score } of ranked.slice(0, 3)) console.log(`${score.toFixed(2)}  ${file}: ${text}`);
  process.stdout.write('? ');
}

/** The paragraphs of all Markdown and text files. */
async function readPassages(directory: string) {
  const names = await readdir(directory, { recursive: true });
  const files = names.filter((name) => /\.(md|txt)$/.test(name)).sort();
  const passages = files.map(async (file) => {
    const content = await readFile(join(directory, file), 'utf8');
    return content.split(/\n\s*\n/).flatMap((text) => (text.trim() === '' ? [] : [{ file, text: text.trim() }]));
  });
  return (await Promise.all(passages)).flat();
}

/** Ollama's vectors have length 1, so the dot product is the cosine. */
function similarity(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
