import type { Comparison, Contestant, Row } from '../row.ts';
import { Bare, core, coreChat, inLanes, jsChat, messages, ollamaJs } from './clients.ts';

const versus: readonly Comparison[] = [
  { ours: 'core', against: 'bare undici', most: 1.1 },
  { ours: 'core', against: 'ollama-js', most: 0.75 },
];

/** Tokens in parallel answers. Rounds are short, so noise affects all contestants. A row has 200,000 tokens or more. */
function row(lanes: number, perPacket: number): Row {
  const count = perPacket === 1 ? 25_600 : 204_800;
  const model = `tokens-${count / lanes}-${perPacket}`;
  const packets = perPacket === 1 ? 'one a packet' : `${perPacket} a packet`;
  return {
    id: `stream-${lanes}-${perPacket}`,
    what: `Streamed tokens, ${packets}, ${lanes === 1 ? 'one answer' : `${lanes} answers at once`}`,
    count,
    of: 'token',
    contestants: {
      core: async (bench) => {
        const ollama = core(bench);
        return () => inLanes(lanes, lanes, () => coreChat(ollama, model));
      },
      'bare undici': async (bench) => {
        const bare = new Bare(bench);
        return () => inLanes(lanes, lanes, () => bare.chat(model));
      },
      'ollama-js': async (bench) => {
        const js = ollamaJs(bench);
        return () => inLanes(lanes, lanes, () => jsChat(js, model));
      },
    },
    comparisons: versus,
  };
}

const MODEL = 'tokens-102400-64';
const way =
  (read: (ollama: ReturnType<typeof core>) => Promise<unknown>): Contestant =>
  async (bench) => {
    const ollama = core(bench);
    return () => inLanes(1, 1, () => read(ollama));
  };

/** The ways to read one answer, compared with the simplest. */
const ways: Row = {
  id: 'ways',
  what: 'Streamed tokens, 64 a packet, by other methods',
  count: 102_400,
  of: 'token',
  contestants: {
    chatStream: way((ollama) => coreChat(ollama, MODEL)),
    chat: way((ollama) => ollama.chat({ model: MODEL, messages })),
    'conversation.sendStream': way(async (ollama) => {
      for await (const chunk of ollama.conversation({ model: MODEL }).sendStream('x')) chunk.message.content.length;
    }),
    'conversation.send': way((ollama) => ollama.conversation({ model: MODEL }).send('x')),
    'a signal and all deadlines': way((ollama) => {
      const { signal } = new AbortController();
      const timeouts = { connectMs: 10_000, firstByteMs: 60_000, idleMs: 60_000, totalMs: 600_000 };
      return coreChat(ollama, MODEL, { signal, timeouts });
    }),
  },
  comparisons: ['chat', 'conversation.sendStream', 'conversation.send', 'a signal and all deadlines'].map((ours) => ({
    ours,
    against: 'chatStream',
    most: 1.05,
  })),
};

export const streams = [row(1, 1), row(4, 1), row(64, 1), row(1, 64), row(64, 64), ways];
