import type { ScriptedServer } from '@ollama-toolbelt/ollama-server';
import { failWith, faults } from '@ollama-toolbelt/ollama-server';

/** One call of the soak. */
export interface Step {
  tool: string;
  args: Record<string, unknown>;
  /** Milliseconds after which the client cancels. */
  cancelAfterMs?: number;
  /** Whether the result must be an error; `undefined` if either is fine. */
  isError?: boolean;
}

const chat = { model: 'chat-model', messages: [{ role: 'user', content: 'Hi' }] };

const steps: readonly Step[] = [
  { tool: 'ollama_chat', args: chat, isError: false },
  { tool: 'ollama_chat', args: { ...chat, options: '{"temperature":"0"}' }, isError: false },
  { tool: 'ollama_generate', args: { model: 'chat-model', prompts: ['a', 'b', 'c'] }, isError: false },
  { tool: 'ollama_embed', args: { model: 'embedding-model', input: ['one', 'two'] }, isError: false },
  { tool: 'ollama_rank', args: { model: 'embedding-model', query: 'one', candidates: ['one', 'two'] }, isError: false },
  { tool: 'ollama_list_models', args: {}, isError: false },
  { tool: 'ollama_show_model', args: { model: 'chat-model' }, isError: false },
  { tool: 'ollama_status', args: {}, isError: false },
  { tool: 'ollama_chat', args: { model: 1 }, isError: true },
  { tool: 'ollama_chat', args: { ...chat, model: 'nothing-like-it' }, isError: true },
  { tool: 'ollama_show_model', args: { model: 'bad name' }, isError: true },
  // The models of these two trigger a fault in the server.
  { tool: 'ollama_generate', args: { model: 'failing-model', prompt: 'x' }, isError: true },
  { tool: 'ollama_generate', args: { model: 'stalling-model', prompt: 'x' }, cancelAfterMs: 15 },
];

/** Gives the same steps for the same seed. */
export function* planOf(seed: number, count: number): Generator<Step, void, undefined> {
  let state = seed;
  for (let index = 0; index < count; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield steps[(state >>> 8) % steps.length] as Step;
  }
}

/** Adds the faults of the steps to the server. */
export function playFaults(server: ScriptedServer): void {
  let count = 0;
  server.always.on('POST /api/generate', (request) => {
    const { model } = request.body as { model?: string };
    if (model === 'stalling-model') return faults.stallBeforeHeaders();
    if (model !== 'failing-model') return undefined;
    count += 1;
    return [failWith(500, 'the runner died'), faults.resetMidBody(), faults.cutWithoutDone()][count % 3];
  });
}
