import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { useLlama } from '../fixtures/llama-if-built.ts';

const real = useLlama();

/** The pocket model gives the same answer in every run. */
const greedy = { model: 'pocket', options: { temperature: 0, seed: 1 } };

const weather = {
  name: 'get_weather',
  description: 'Get the weather in a given city',
  parameters: z.object({ city: z.string().describe('The city to get the weather for') }),
};
const degrees: Record<string, number> = { Paris: 11, Rome: 19, Tokyo: 11 };

describe('a real model', () => {
  test('remembers earlier messages until the reset', async () => {
    const chat = real.ollama.conversation(greedy);
    await chat.send('My name is Priya.');
    await chat.send('Why is the sky blue?');
    expect((await chat.send('What is my name?')).message.content).toBe('Your name is Priya.');
    chat.reset();
    expect((await chat.send('What is my name?')).message.content).not.toContain('Priya');
  });

  test('calls tools and answers with their results', async () => {
    const asked: string[] = [];
    const chat = real.ollama.conversation({
      ...greedy,
      tools: [
        {
          name: weather.name,
          description: weather.description,
          parameters: weather.parameters,
          run: ({ city }) => {
            asked.push(city);
            return `${degrees[city]} degrees celsius`;
          },
        },
      ],
    });
    const both = await chat.send('What is the weather in Paris and Rome?');
    expect(asked).toEqual(['Paris', 'Rome']);
    expect(both.message.content).toBe('It is 11 degrees in Paris and 19 degrees in Rome.');
    const chunks = [];
    for await (const chunk of chat.sendStream('what is the weather in Tokyo?')) chunks.push(chunk);
    expect(asked).toEqual(['Paris', 'Rome', 'Tokyo']);
    expect(chunks.map(({ message }) => message.content).join('')).toMatch(/11 degrees/);
  });

  test('reports a failing handler to the model', async () => {
    const run = () => {
      throw new Error('no such city');
    };
    const chat = real.ollama.conversation({ ...greedy, tools: [{ ...weather, run }] });
    expect((await chat.send('What is the weather in Paris?')).message.content).toBe(
      'I could not get the weather in Paris.',
    );
  });

  test('never overflows over many turns, and keeps answering', async () => {
    const chat = real.ollama.conversation({ ...greedy, options: { ...greedy.options, num_ctx: 512 } });
    const question = 'Why is the sky blue?';
    const counts: number[] = [];
    const dropped: boolean[] = [];
    for (let turn = 0; turn < 24; turn++) {
      const answer = await chat.send(question);
      counts.push(answer.prompt_eval_count ?? 0);
      dropped.push(answer.notices.some(({ code }) => code === 'history_trimmed'));
      expect(answer.message.content).toContain('blue');
    }
    expect(Math.max(...counts)).toBeLessThanOrEqual(512 * 0.75);
    // In blocks: turns without a cut follow a cut.
    const cuts = dropped.flatMap((isCut, turn) => (isCut ? [turn] : []));
    expect(cuts.length).toBeGreaterThan(1);
    for (const [index, turn] of cuts.slice(1).entries()) expect(turn - cuts[index]!).toBeGreaterThan(2);
  });

  test('cuts what does not fit even if the estimate was wrong', async () => {
    // Rare characters take the pocket model many tokens each, which the conversation has not learned yet.
    const messages = [0, 1, 2].flatMap(() => [
      { role: 'user' as const, content: '\u{1D538}'.repeat(60) },
      { role: 'assistant' as const, content: 'I do not know that.' },
    ]);
    const chat = real.ollama.conversation({ ...greedy, messages, options: { ...greedy.options, num_ctx: 600 } });
    const answer = await chat.send('Why is the sky blue?');
    expect(answer.message.content).toContain('blue');
    expect(answer.notices).toContainEqual(expect.objectContaining({ code: 'history_trimmed' }));
  });
});
