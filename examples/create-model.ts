// Creates a model from a Modelfile and shows the progress. Files that the Modelfile names are uploaded.
//
//   node create-model.ts pirate Modelfile
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createOllama, OllamaError } from '@ollama-toolbelt/core/node';

const [model = 'pirate', path = 'Modelfile'] = process.argv.slice(2);
const ollama = createOllama();

try {
  const modelfile = await readFile(path, 'utf8');
  let last = '';
  // Paths in the Modelfile are relative to its own folder.
  for await (const step of ollama.createStream({ model, modelfile }, { baseDir: dirname(path) })) {
    const { status, completed = 0, total } = step;
    const line = total === undefined ? status : `${status} ${Math.floor((100 * completed) / total)} %`;
    if (line !== last) console.log(line);
    last = line;
  }
  const { message } = await ollama.chat({ model, messages: [{ role: 'user', content: 'Who are you?' }] });
  console.log(`${model}: ${message.content}`);
} catch (error) {
  // An error in the Modelfile names its line.
  if (!(error instanceof OllamaError)) throw error;
  console.error([error.message, error.hint].join('\n'));
  process.exitCode = 1;
}
