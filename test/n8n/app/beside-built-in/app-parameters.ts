import { byName, chatParameters } from '../workflow.ts';
import type { Parameters, Story } from './story.ts';

const QUESTION = 'Why is the sky blue?';

export const asked = (content: string = QUESTION) => ({ messages: { values: [{ role: 'user', content }] } });

/** The same message for both app nodes. */
export const message = (
  options: { ours?: Parameters; theirs?: Parameters } = {},
  content?: string,
): Pick<Story, 'kind' | 'ours' | 'theirs'> => ({
  kind: 'app',
  ours: chatParameters({ ...asked(content), ...options.ours }),
  theirs: {
    resource: 'text',
    operation: 'message',
    modelId: byName('chat-model'),
    ...asked(content),
    ...options.theirs,
  },
});

export const bodyOf = ({ sent }: { sent: { body: Record<string, unknown> }[] }) => sent[0]?.body ?? {};

/** Everything that an item says, whatever its fields are called. */
export const asText = (item: unknown): string => JSON.stringify(item ?? null);
