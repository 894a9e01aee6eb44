import { createOllama } from '@ollama-toolbelt/core/node';
import {
  type LlamaServer,
  raw,
  type ScriptedServer,
  scriptedModel,
  startLlama,
  startScripted,
} from '@ollama-toolbelt/ollama-server';

/** The models in the README, replaced by those of the test server. */
const models = [
  { model: 'llama3.2', from: 'pocket' },
  { model: 'qwen3', from: 'pocket-thinking' },
  { model: 'all-minilm', from: 'pocket-embed' },
];

/** The llama engine, with its models under the README's names, at temperature 0 for constant output. */
export async function startReadmeModels(): Promise<LlamaServer> {
  const server = await startLlama();
  const ollama = createOllama({ host: server.host });
  for (const { model, from } of models) await ollama.create({ model, from, parameters: { temperature: 0 } });
  await ollama.close();
  return server;
}

/** Scripted servers for examples that the llama engine does not support, by a text in the example. */
const scripts: Readonly<Record<string, () => Promise<ScriptedServer>>> = {
  // It has no vision model.
  "model: 'gemma3'": async () => {
    const server = await startScripted({
      models: [scriptedModel({ name: 'gemma3', capabilities: ['completion', 'vision'] })],
    });
    return server.chat({ text: ['A cat', ' on a chair.'] });
  },
  // It has no model for fill-in-the-middle.
  'suffix:': async () => {
    const server = await startScripted({
      models: [scriptedModel({ name: 'qwen2.5-coder', capabilities: ['completion', 'insert'] })],
    });
    return server.generate({ text: ['    result =', ' a + b'] });
  },
  pullStream: () => pulling(),
  'ollama.pull(': () => pulling(),
  'ollama.push': () => startScripted({ models: [scriptedModel({ name: 'me/llama3.2' })] }),
  // It has no OpenAI routes.
  embedFloat32: async () => {
    const server = await startScripted();
    const embedding = Buffer.from(Float32Array.of(0.6, 0.8).buffer).toString('base64');
    const body = JSON.stringify({ model: 'all-minilm', data: [{ embedding, index: 0 }], usage: { prompt_tokens: 4 } });
    return server.on('POST /v1/embeddings', raw({ headers: { 'content-type': 'application/json' }, body: [body] }));
  },
  // It is not signed in.
  'ollama.me(': () => startScripted(),
  // It has no web search.
  'ollama.web': async () => {
    const server = await startScripted();
    server.webSearch({
      results: [{ title: 'Rayleigh scattering', url: 'https://example.com', content: 'Air scatters …' }],
    });
    return server.webFetch({ title: 'Example Domain', content: 'For use in examples.', links: [] });
  },
};

/** The scripted server for an example, if it needs one. */
export const scriptFor = (code: string): (() => Promise<ScriptedServer>) | undefined =>
  Object.entries(scripts).find(([text]) => code.includes(text))?.[1];

/** Needed because the registry of the llama engine only has the pocket models. */
async function pulling(): Promise<ScriptedServer> {
  const server = await startScripted();
  return server.pull([
    'pulling manifest',
    { status: 'pulling dde5aa3fc5ff', digest: 'sha256:dde5aa3fc5ff', total: 10, completed: 5 },
    { status: 'pulling dde5aa3fc5ff', digest: 'sha256:dde5aa3fc5ff', total: 10, completed: 10 },
    'verifying sha256 digest',
    'success',
  ]);
}
