// Asks a local model from a web page: lists the models, streams the answer, and can stop it.
//
//   npx esbuild page.ts --bundle --format=esm --outfile=page.js --servedir=.
import { createOllama, OllamaAbortError, OllamaError } from '@ollama-toolbelt/core/fetch';

const form = document.forms[0]!;
const output = document.querySelector('output')!;
const stop = form.elements.namedItem('stop') as HTMLButtonElement;
const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement;

async function listModels(): Promise<void> {
  const { models } = await createOllama({ host: field('host').value }).list();
  field('model').replaceChildren(...models.map(({ name }) => new Option(name)));
}

async function ask(): Promise<void> {
  const ollama = createOllama({ host: field('host').value });
  const cancel = new AbortController();
  stop.disabled = false;
  stop.onclick = () => cancel.abort();
  output.textContent = '';
  const messages = [{ role: 'user' as const, content: field('question').value }];
  try {
    for await (const { message } of ollama.chatStream(
      { model: field('model').value, messages },
      { signal: cancel.signal },
    )) {
      output.append(message.content);
    }
  } finally {
    stop.disabled = true;
  }
}

/** A page of another origin needs OLLAMA_ORIGINS on the server; the hint of the error says so. */
async function tell(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof OllamaAbortError) output.append(' [stopped]');
    else if (error instanceof OllamaError) output.append(`${error.message}\n${error.hint ?? ''}`);
    else throw error;
  }
}

form.onsubmit = (event) => {
  event.preventDefault();
  void tell(ask);
};
field('host').onchange = () => void tell(listModels);
await tell(listModels);
