import { delay, faults } from '@ollama-toolbelt/ollama-server';
import { byName } from '../workflow.ts';
import { asText, message } from './app-parameters.ts';
import type { Sent, Story } from './story.ts';

const models = { ours: { model: byName('={{ $json.model }}') }, theirs: { modelId: byName('={{ $json.model }}') } };

/** The server responds without a script, and knows which models are installed. */
const byItself = () => {};

/** How many requests ran at the same time. */
const atOnce = (sent: readonly Sent[]): number =>
  Math.max(
    0,
    ...sent.map(
      ({ receivedAt }) =>
        sent.filter((other) => other.receivedAt <= receivedAt && (other.closedAt ?? Infinity) > receivedAt).length,
    ),
  );

/** Failures, and many items. */
export const failureStories: Story[] = [
  {
    title: 'A model that is not installed',
    wanted: 'the error says how to get it',
    ...message({ ours: { model: byName('llama9') }, theirs: { modelId: byName('llama9') } }),
    server: byItself,
    isRight: ({ error = '' }) => error.includes('ollama pull llama9'),
  },
  {
    title: 'A server that is not running',
    wanted: 'the error says what to check, also in Docker',
    ...message(),
    credential: { ours: { baseUrl: 'http://127.0.0.1:9' }, theirs: { baseUrl: 'http://127.0.0.1:9', apiKey: '' } },
    isRight: ({ error = '' }) => error.includes('host.docker.internal'),
  },
  {
    title: 'A proxy that needs a user name and password',
    wanted: 'the model answers',
    ...message(),
    credential: { ours: { authentication: 'basic', user: 'ada', password: 'pens' }, theirs: {} },
    server: (server) =>
      server.always.chat(({ headers }) =>
        headers['authorization'] === `Basic ${btoa('ada:pens')}` ? { text: 'Yes.' } : faults.unauthorized(),
      ),
    isRight: ({ items }) => asText(items[0]).includes('Yes.'),
  },
  {
    title: 'Three items with an error branch, one of which fails',
    wanted: 'the failed item has the kind of error, for a Switch',
    ...message(models),
    items: `return ['chat-model', 'llama9', 'chat-model'].map((model) => ({ json: { model } }));`,
    onError: 'continueErrorOutput',
    server: byItself,
    isRight: ({ items, failed }) =>
      items.length === 2 && failed.length === 1 && failed[0]?.['code'] === 'model_not_found',
  },
  {
    title: 'Eight items for a server with four slots',
    wanted: 'four requests run at a time',
    ...message({ ours: { options: { batching: { values: { concurrency: 4 } } } } }),
    items: 'return Array.from({ length: 8 }, (_, number) => ({ json: { number } }));',
    server: (server) => server.always.chat({ text: [delay(200), 'Yes.'] }),
    isRight: ({ items, sent }) => items.length === 8 && atOnce(sent) === 4,
  },
];
