import { asText, message } from './app-parameters.ts';
import type { Story } from './story.ts';

const city = '{"city":"Oslo","people":700000}';
const fields = {
  outputFormat: 'fields',
  outputFields: {
    values: [
      { name: 'city', type: 'string', required: true },
      { name: 'people', type: 'integer', required: true },
    ],
  },
};
const isCity = (value: unknown) => asText(value) === city;
/** Whether any field of the item is the value itself, not text. */
const hasCity: Story['isRight'] = ({ items }) => Object.values(items[0] ?? {}).some(isCity) || isCity(items[0]);

/** What becomes of an answer. */
export const answerStories: Story[] = [
  {
    title: 'An answer as JSON',
    wanted: '`format` is sent in the right place, and the item has the value',
    ...message({ ours: { outputFormat: 'json' }, theirs: { options: { format: 'json' } } }),
    server: (server) => server.always.chat({ text: city }),
    isRight: (outcome) => hasCity(outcome) && outcome.sent[0]?.body['format'] === 'json',
  },
  {
    title: 'Data with two named fields',
    wanted: 'a schema is sent, and the item has the value',
    ...message({ ours: fields, theirs: { options: { format: 'json' } } }),
    server: (server) => server.always.chat({ text: city }),
    isRight: (outcome) => hasCity(outcome) && typeof outcome.sent[0]?.body['format'] === 'object',
  },
  {
    title: 'JSON in a code fence, as cloud models write it',
    wanted: 'the item has the value',
    ...message({ ours: fields, theirs: { options: { format: 'json' } } }),
    server: (server) => server.always.chat({ text: `Here it is:\n\`\`\`json\n${city}\n\`\`\`` }),
    isRight: hasCity,
  },
  {
    title: 'JSON with a missing field',
    wanted: 'the model is asked again',
    ...message({ ours: fields, theirs: { options: { format: 'json' } } }),
    server: (server) => server.chat({ text: '{"city":"Oslo"}' }).chat({ text: city }),
    isRight: hasCity,
  },
  {
    title: '`<think>` in the text of an answer',
    wanted: 'it is not part of the answer',
    ...message(),
    server: (server) => server.always.chat({ text: '<think>Norway.</think>\n\nOslo.' }),
    isRight: ({ items }) => !asText(items[0]).includes('<think>') && asText(items[0]).includes('"Oslo."'),
  },
  {
    title: 'Thinking and answer',
    wanted: 'the item has both',
    ...message(),
    server: (server) => server.always.chat({ thinking: 'Norway.', text: 'Oslo.' }),
    isRight: ({ items }) => asText(items[0]).includes('"Norway."') && asText(items[0]).includes('"Oslo."'),
  },
  {
    title: 'An answer that reached its maximum length',
    wanted: 'a hint says so',
    ...message({ ours: { options: { num_predict: 5 } }, theirs: { options: { num_predict: 5 } } }),
    server: (server) => server.always.chat({ text: 'The sky is', doneReason: 'length' }),
    isRight: ({ hints }) => hints.some((hint) => hint.includes('reached its maximum length')),
  },
  {
    title: 'An empty answer',
    wanted: 'a hint says so',
    ...message(),
    server: (server) => server.always.chat({ text: '' }),
    isRight: ({ hints }) => hints.some((hint) => hint.includes('empty')),
  },
  {
    title: 'Text streamed to a webhook',
    wanted: 'the webhook passes on the pieces',
    ...message(),
    kind: 'webhook',
    server: (server) => server.always.chat({ text: ['Ray', 'leigh'] }),
    isRight: ({ pieces }) => pieces.length === 2,
  },
];
