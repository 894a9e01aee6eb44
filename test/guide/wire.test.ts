import type { Ollama } from '@ollama-toolbelt/core/neutral';
import { createOllama } from '@ollama-toolbelt/core/node';
import { scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { bodies, type GuideBodies } from './bodies.ts';

type Heading = Exclude<keyof GuideBodies, 'Available Options'>;

const drain = async (stream: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of stream);
};

/** How each request of the guide is made, and what the server gets; most streaming ones are made in both forms. */
const calls: readonly { heading: Heading; run: (ollama: Ollama) => Promise<unknown>; wire: object }[] = [
  ...(['Basic Generation', 'Streaming Generation', 'With Options'] as const).flatMap((heading) => [
    { heading, run: (ollama: Ollama) => ollama.generate(bodies[heading]), wire: { ...bodies[heading], stream: true } },
    {
      heading,
      run: (ollama: Ollama) => drain(ollama.generateStream(bodies[heading])),
      wire: { ...bodies[heading], stream: true },
    },
  ]),
  ...(['Conversational Context', 'System Message', 'Streaming Chat'] as const).flatMap((heading) => [
    { heading, run: (ollama: Ollama) => ollama.chat(bodies[heading]), wire: { ...bodies[heading], stream: true } },
    {
      heading,
      run: (ollama: Ollama) => drain(ollama.chatStream(bodies[heading])),
      wire: { ...bodies[heading], stream: true },
    },
  ]),
  {
    heading: 'Show Model Info',
    run: (ollama) => ollama.show(bodies['Show Model Info']),
    wire: bodies['Show Model Info'],
  },
  {
    heading: 'Create Model',
    run: (ollama) => ollama.create(bodies['Create Model']),
    wire: {
      name: 'my-new-model',
      from: 'llama3.2:1b',
      parameters: { temperature: 0.8 },
      system: 'You are helpful',
      stream: true,
    },
  },
  {
    heading: 'Pull Model',
    run: (ollama) => ollama.pull(bodies['Pull Model']),
    wire: { ...bodies['Pull Model'], stream: true },
  },
  { heading: 'Delete Model', run: (ollama) => ollama.delete(bodies['Delete Model']), wire: bodies['Delete Model'] },
];

test.each(calls)('$heading goes out as it stands, and always as a stream where there is one', async ({ run, wire }) => {
  await using server = await startScripted({
    models: [scriptedModel({ name: 'my-chatbot' }), scriptedModel({ name: 'llama3.2:1b' })],
  });
  await using ollama = createOllama({ host: server.host });
  await run(ollama);
  expect(server.requests.map(({ body }) => body)).toEqual([wire]);
});
