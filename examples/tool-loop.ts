// Lets the model call your functions, for as many rounds as it needs.
//
//   node tool-loop.ts "How long is it until noon in Tokyo?"
import { createOllama } from '@ollama-toolbelt/core/node';
import * as z from 'zod';

const [question = 'What time is it in Oslo and in Tokyo?'] = process.argv.slice(2);

const chat = createOllama().conversation({
  model: process.env['OLLAMA_MODEL'] ?? 'llama3.2',
  tools: [
    {
      name: 'current_time',
      description: 'The current date and time in a time zone',
      // The model's arguments are checked against this schema before `run` gets them.
      parameters: z.object({ time_zone: z.string().describe('IANA name, such as Europe/Oslo') }),
      run: ({ time_zone }) => {
        console.error(`[current_time ${time_zone}]`);
        // An unknown time zone throws. The model gets the error, and can try another name.
        return new Date().toLocaleString('en', { timeZone: time_zone, dateStyle: 'full', timeStyle: 'short' });
      },
    },
  ],
});

// Calls of one round run in parallel. After `maxRounds` (10) it gives up.
const { message } = await chat.send(question);
console.log(message.content);
