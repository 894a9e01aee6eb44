import { isDeepStrictEqual } from 'node:util';
import { byName, chatParameters } from '../workflow.ts';
import { asked, asText, bodyOf, message } from './app-parameters.ts';
import type { Story } from './story.ts';

type Message = { role: string; content: string; images?: string[] };
const messagesOf = (outcome: Parameters<Story['isRight']>[0]) => (bodyOf(outcome)['messages'] ?? []) as Message[];

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const photo = `return [{ json: {}, binary: { data: { data: '${PNG}', mimeType: 'image/png', fileName: 'photo.png' } } }];`;
const pdf = `return [{ json: {}, binary: { data: { data: '${btoa('%PDF-1.7 of an invoice')}', mimeType: 'application/pdf', fileName: 'invoice.pdf' } } }];`;
const image = { resource: 'image', operation: 'analyze', modelId: byName('chat-model'), text: 'What is this?' };

/** The requests that reach the server. */
export const requestStories: Story[] = [
  {
    title: 'One question',
    wanted: 'the answer is in the item',
    ...message(),
    isRight: ({ items }) => asText(items[0]).includes('Rayleigh scattering.'),
  },
  {
    title: 'A system message',
    wanted: 'it comes first',
    ...message({ ours: { systemMessage: 'Be brief.' }, theirs: { options: { system: 'Be brief.' } } }),
    isRight: (outcome) => messagesOf(outcome)[0]?.role === 'system',
  },
  {
    title: 'Temperature and context length',
    wanted: 'they are in `options`',
    ...message({
      ours: { options: { temperature: 0, num_ctx: 8192 } },
      theirs: { options: { temperature: 0, num_ctx: 8192 } },
    }),
    isRight: (outcome) => isDeepStrictEqual(bodyOf(outcome)['options'], { temperature: 0, num_ctx: 8192 }),
  },
  {
    title: 'Keep the model loaded for 30 minutes',
    wanted: '`keep_alive` is sent as a field of the request, because Ollama ignores it elsewhere',
    ...message({ ours: { options: { keep_alive: '30m' } }, theirs: { options: { keep_alive: '30m' } } }),
    isRight: (outcome) => bodyOf(outcome)['keep_alive'] === '30m',
  },
  {
    title: 'Thinking turned off',
    wanted: '`think` is false',
    ...message({ ours: { options: { think: false } }, theirs: { options: { think: false } } }),
    isRight: (outcome) => bodyOf(outcome)['think'] === false,
  },
  {
    title: 'Thinking at a high level',
    wanted: '`think` is "high"',
    ...message({ ours: { options: { think: 'high' } }, theirs: { options: { think: true } } }),
    isRight: (outcome) => bodyOf(outcome)['think'] === 'high',
  },
  {
    title: 'A stop sequence with a comma in it',
    wanted: '`stop` is a single string',
    ...message({ ours: { options: { stop: ['Dear Sir, '] } }, theirs: { options: { stop: 'Dear Sir, ' } } }),
    isRight: (outcome) =>
      isDeepStrictEqual((bodyOf(outcome)['options'] as { stop?: unknown } | undefined)?.stop, ['Dear Sir, ']),
  },
  {
    title: 'An object from the item as the message',
    wanted: 'the model receives it as JSON',
    ...message({}, '={{ $json.order }}'),
    items: `return [{ json: { order: { pen: 2 } } }];`,
    isRight: (outcome) => messagesOf(outcome)[0]?.content === '{"pen":2}' && outcome.error === undefined,
  },
  {
    title: 'A misspelled field in an expression',
    wanted: 'nothing is sent, and the error names the field',
    ...message({}, '={{ $json.questoin }}'),
    isRight: ({ sent, error = '' }) => sent.length === 0 && /Content.*questoin/s.test(error),
  },
  {
    title: 'An image from a file',
    wanted: 'the image is in the message',
    kind: 'app',
    items: photo,
    ours: chatParameters({ ...asked('What is this?'), imageSource: 'binary', imageFields: 'data' }),
    theirs: { ...image, inputType: 'binary', binaryPropertyName: 'data' },
    isRight: (outcome) => isDeepStrictEqual(messagesOf(outcome)[0]?.images, [PNG]),
  },
  {
    title: 'A PDF instead of an image',
    wanted: 'it is rejected, and the error names it',
    kind: 'app',
    items: pdf,
    ours: chatParameters({ ...asked('What is this?'), imageSource: 'binary', imageFields: 'data' }),
    theirs: { ...image, inputType: 'binary', binaryPropertyName: 'data' },
    isRight: ({ sent, error = '' }) => sent.length === 0 && error.includes('invoice.pdf'),
  },
  {
    title: 'An image as base64 in the JSON of an item',
    wanted: 'the image is in the message',
    kind: 'app',
    items: `return [{ json: { image: '${PNG}' } }];`,
    ours: chatParameters({ ...asked('What is this?'), imageSource: 'base64', imageData: '={{ $json.image }}' }),
    theirs: { ...image, inputType: 'url', imageUrls: '=data:image/png;base64,{{ $json.image }}' },
    isRight: (outcome) => isDeepStrictEqual(messagesOf(outcome)[0]?.images, [PNG]),
  },
];
