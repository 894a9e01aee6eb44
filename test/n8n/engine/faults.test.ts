import { startScripted } from '@ollama-toolbelt/ollama-server';
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { secret } from '../../fixtures/core/secrets.ts';
import type { Fault } from '../../fixtures/faults/fault.ts';
import { startFaultServer } from '../../fixtures/faults/fault-server.ts';
import {
  bodies,
  harmless,
  midStream,
  statuses,
  unknownModel,
  unreachable,
  withoutAnswer,
} from '../../fixtures/faults/faults-table.ts';
import { chat, generate, locator, model } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine } = await useEngine();

/** Options that the node does not have. */
const isOfNode = ({ timeouts, expected }: Fault) =>
  timeouts?.totalMs === undefined && expected.code !== 'line_too_long';

const faults = [...withoutAnswer, ...statuses, ...bodies, ...midStream, unknownModel].filter(isOfNode);

/** Terms of the API, which mean nothing in the editor. */
const forPrograms =
  /timeouts\.|OLLAMA_HOST(?! on the server)|OLLAMA_API_KEY|createOllama|maxLineBytes|apiKey|num_ctx|`/;

const inNodeWords = (message: string) =>
  new RegExp(
    message.replace('timeouts\\.firstByteMs', 'First Response Timeout').replace('timeouts\\.idleMs', 'Idle Timeout'),
  );

const message = { values: [{ role: 'user', content: secret.prompt }] };
const operations: Record<string, { route: string; parameters: (options: INodeParameters) => INodeParameters }> = {
  chat: { route: 'POST /api/chat', parameters: (options) => chat({ messages: message, options }) },
  generate: { route: 'POST /api/generate', parameters: (options) => generate({ prompt: secret.prompt, options }) },
  pull: { route: 'POST /api/pull', parameters: (options) => model('pull', { model: locator('chat-model'), options }) },
};

const optionsOf = ({ timeouts = {} }: Fault): INodeParameters =>
  Object.fromEntries(Object.entries(timeouts).map(([name, ms]) => [name, ms / 1000]));

async function expectWords(fault: Fault, host: string, name: string): Promise<void> {
  const { route, parameters } = operations[name]!;
  const { status, error } = await engine.run({
    parameters: parameters(optionsOf(fault)),
    credential: { baseUrl: host, authentication: 'bearer', apiKey: secret.key },
  });
  expect(status).toBe('error');
  expect(error).toMatchObject({ name: 'NodeApiError', context: { itemIndex: 0 } });
  expect(error!.message).toMatch(inNodeWords(fault.expected.message.source));
  expect(error!.message).toContain(`${route} at ${host}`);
  // What to do, in the editor's words; the core has no hint for an error that explains itself.
  if (fault.expected.hint) expect(error!.description).toMatch(/\w/);
  expect(error!.description ?? '').not.toMatch(forPrograms);
  expect(error!.httpCode ?? undefined).toBe(
    fault.expected.status === undefined ? undefined : `${fault.expected.status}`,
  );
  expect(JSON.stringify(error)).not.toMatch(new RegExp(`${secret.key}|user:pass`));
  expect(`${error!.message} ${error!.description}`).not.toContain(secret.prompt);
}

describe.concurrent.each(Object.keys(operations))('%s', (name) => {
  // In parallel, since some are retried after a pause.
  test.concurrent.each(faults)('$name', async (fault) => {
    await using server = await startScripted();
    // Enough for the retries too.
    server.always.on('*', fault.reply!());
    await expectWords(fault, server.host, name);
    await server.allClosed();
  });

  test.each(unreachable)('$name', async (fault) => {
    await using faulty = await startFaultServer(fault);
    await expectWords(fault, faulty.host, name);
  });
});

test.each(harmless)('is not a failure: $name', async ({ reply }) => {
  await using server = await startScripted();
  server.on('POST /api/chat', reply());
  const { error, outputs } = await engine.run({ parameters: chat(), credential: { baseUrl: server.host } });
  expect(error).toBeUndefined();
  expect(outputs[0]![0]!.json['text']).not.toBe('');
});
