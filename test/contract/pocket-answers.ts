import type { Tool } from '@ollama-toolbelt/core/neutral';

/** The answers of the pocket model at temperature 0. Other models get the same questions and may answer anything. */
export const words = {
  sky: {
    prompt: 'Why is the sky blue?',
    answer: 'The sky is blue because air scatters blue light from the sun more than red light.',
    /** With its system prompt `You are a pirate.` */
    pirate: 'Arr! The sky is blue because air scatters blue light from the sun more than red light.',
    thought: 'The user asks about the color of the sky. I know this.\n',
  },
  name: {
    statement: 'My name is Priya.',
    reply: 'Nice to meet you, Priya!',
    prompt: 'What is my name?',
    answer: 'Your name is Priya.',
  },
  json: {
    prompt: 'Grace lives in Oslo. Respond using JSON with name and city.',
    value: { name: 'Grace', city: 'Oslo' },
  },
  weather: {
    prompt: 'what is the weather in Tokyo?',
    result: '11 degrees celsius',
    answer: 'It is 11 degrees in Tokyo.',
  },
} as const;

export const pirate = 'You are a pirate.';

/** The most likely answer, the same each time, and a limit for models that write long texts. */
export const steady = { temperature: 0, seed: 1, num_predict: 128 };

export const weatherTool: Tool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Get the weather in a given city',
    parameters: {
      type: 'object',
      required: ['city'],
      properties: { city: { type: 'string', description: 'The city to get the weather for' } },
    },
  },
};

export const weatherCall = { function: { name: 'get_weather', arguments: { city: 'Tokyo' } } };
