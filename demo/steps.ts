import { cosineSimilarity } from '@ollama-toolbelt/core/neutral';
import type { McpClient, ToolResult } from './client.ts';
import { DemoError } from './demo-error.ts';
import type { Models } from './models.ts';
import { asked, faint, heading, line, write } from './print.ts';

const sentences = [
  'Cats eat meat and fish.',
  'The sky is blue because air scatters blue light.',
  'Docker packs a program with everything it needs.',
  'Paris is the capital of France.',
];
const query = 'Why is the sky blue?';

/** Everything the demo shows, in order. */
export async function runSteps(client: McpClient, models: Models, format: object, stopped: AbortSignal): Promise<void> {
  for (const step of [listTools, listModels, chat, generateJson, rank, missingModel]) {
    stopped.throwIfAborted();
    await step(client, models, format);
  }
}

async function listTools(client: McpClient): Promise<void> {
  heading('The tools an agent gets');
  for (const { name, title } of await client.tools()) line(`  ${name.padEnd(22)}${faint(title)}`);
}

async function listModels(client: McpClient): Promise<void> {
  heading('The models (ollama_list_models)');
  line(good(await client.call('ollama_list_models', {})).text);
}

async function chat(client: McpClient, models: Models): Promise<void> {
  heading('A chat, streamed (ollama_chat)');
  asked(query);
  let shown = '';
  const args = { model: models.chat, messages: [{ role: 'user', content: query }], options: { num_predict: 200 } };
  const result = await client.call('ollama_chat', args, (text) => {
    write(text);
    shown += text;
  });
  const { value } = good(result);
  line(String(value['text']).slice(shown.length));
  line(faint(JSON.stringify(value['usage'])));
}

/** A small model may run on within a schema it does not know: it gets a few attempts, the first one deterministic. */
const samplings = [{ temperature: 0 }, ...[1, 2, 3, 4].map((seed) => ({ temperature: 0.8, seed }))];

async function generateJson(client: McpClient, models: Models, format: object): Promise<void> {
  heading('JSON that follows a schema (ollama_generate)');
  const names = 'properties' in format ? Object.keys(format.properties as object).join(' and ') : '';
  const prompt = `Grace is 30 years old and lives in Oslo. Respond using JSON${names && ` with ${names}`}.`;
  asked(prompt);
  let result: ToolResult | undefined;
  for (const sampling of samplings) {
    const options = { ...sampling, num_predict: 300 };
    result = await client.call('ollama_generate', { model: models.chat, prompt, format, think: false, options });
    if (!result.isError) return line(JSON.stringify(result.value['parsed'], null, 2));
    if (result.errorCode !== 'bad_output') break;
    line(faint(`${result.text.split('\n')[0]} Once more.`));
  }
  if (result) good(result);
}

async function rank(client: McpClient, models: Models): Promise<void> {
  heading('Sentences ranked by similarity to a question (ollama_embed)');
  asked(query);
  const args = { model: models.embed, input: [query, ...sentences], include_vectors: true };
  const { value } = good(await client.call('ollama_embed', args));
  const [wanted, ...vectors] = value['embeddings'] as number[][];
  const ranked = sentences
    .map((sentence, index) => ({ sentence, score: cosineSimilarity(wanted ?? [], vectors[index] ?? []) }))
    .sort((a, b) => b.score - a.score);
  for (const { sentence, score } of ranked) line(`  ${score.toFixed(3).padStart(6)}  ${sentence}`);
}

async function missingModel(client: McpClient): Promise<void> {
  heading('The error an agent gets for a missing model');
  asked('no-such-model: Hello!');
  const result = await client.call('ollama_chat', {
    model: 'no-such-model',
    messages: [{ role: 'user', content: 'Hello!' }],
  });
  if (!result.isError) throw new DemoError('A model that does not exist gave an answer.');
  line(result.text);
}

function good(result: ToolResult): ToolResult {
  if (result.isError) throw new DemoError(result.text);
  return result;
}
