import { createOllama } from '@ollama-toolbelt/core/fetch';
import { startLlama } from '@ollama-toolbelt/ollama-server';
import type { Contestant, Row } from '../row.ts';

const TURNS = 60;
const NUM_CTX = 512;
const NUM_PREDICT = 24;
const MODEL = 'pocket';
const options = { num_ctx: NUM_CTX, num_predict: NUM_PREDICT, temperature: 0, seed: 1 };

interface SentMessage {
  role: 'user' | 'assistant';
  content: string;
}

const question = (turn: number) => `Question ${turn}: why is the sky blue, and what is Docker good for?`;

/** Counts what the server must evaluate of each prompt: everything after the common prefix with the last one. */
class Evaluated {
  tokens = 0;
  #before = '';
  #prompt = '';

  asked(messages: readonly SentMessage[]): void {
    this.#prompt = messages.map(({ role, content }) => `${role}\n${content}\n`).join('');
  }

  answered(tokens: number, content: string): void {
    let same = 0;
    while (same < this.#prompt.length && this.#prompt[same] === this.#before[same]) same += 1;
    this.tokens += tokens * (1 - same / this.#prompt.length);
    this.#before = `${this.#prompt}assistant\n${content}\n`;
  }
}

type Ask = (text: string) => Promise<void>;

/** Uses the small model of the tests, whose token counts match llama.cpp. */
const turns =
  (make: (host: string, evaluated: Evaluated) => Ask): Contestant =>
  async () =>
  async () => {
    await using server = await startLlama();
    const evaluated = new Evaluated();
    const ask = make(server.host, evaluated);
    for (let turn = 1; turn <= TURNS; turn += 1) await ask(question(turn));
    return { tokens: evaluated.tokens };
  };

/** The usual way: remove one message at a time until the rest fits. */
const byHand = turns((host, evaluated) => {
  const ollama = createOllama({ host });
  const history: SentMessage[] = [];
  let perCharacter = 0.5;
  return async (text) => {
    history.push({ role: 'user', content: text });
    const length = () => history.reduce((sum, { content }) => sum + content.length + 20, 0);
    while (history.length > 1 && length() * perCharacter > NUM_CTX - NUM_PREDICT) history.shift();
    evaluated.asked(history);
    const { message, prompt_eval_count = 0 } = await ollama.chat({ model: MODEL, messages: [...history], options });
    evaluated.answered(prompt_eval_count, message.content);
    perCharacter = prompt_eval_count / length();
    history.push({ role: 'assistant', content: message.content });
  };
});

const byConversation = turns((host, evaluated) => {
  // Only the request shows which part of the history was sent.
  const watched = (url: string, init: RequestInit) => {
    const { messages } = JSON.parse(String(init.body ?? '{}'));
    if (url.endsWith('/api/chat')) evaluated.asked(messages);
    return fetch(url, init);
  };
  const chat = createOllama({ host, fetch: watched }).conversation({ model: MODEL, options });
  return async (text) => {
    const { message, prompt_eval_count = 0 } = await chat.send(text);
    evaluated.answered(prompt_eval_count, message.content);
  };
});

export const longConversation: Row = {
  id: 'long-conversation',
  what: `Tokens of prompts to evaluate in a conversation of ${TURNS} turns, context ${NUM_CTX}`,
  count: 1,
  of: 'conversation',
  rounds: 1,
  warmUp: 0,
  contestants: { conversation: byConversation, 'trimming message by message': byHand },
  comparisons: [{ ours: 'conversation', against: 'trimming message by message', measure: 'tokens', most: 0.5 }],
};
