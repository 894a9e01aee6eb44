import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AnswerScript,
  type ScriptedModel,
  type ScriptedServer,
  scriptedModel,
  startScripted,
} from '../src/index.ts';
import { differences } from './replay/differences.ts';
import { unexpected } from './replay/known-differences.ts';
import { normalRecording, normalReply } from './replay/normal-form.ts';
import { outline } from './replay/outline.ts';
import { recordingsOf, versions } from './replay/recording.ts';
import { scriptedAnswer } from './replay/scripted-answer.ts';
import { type Reply, send } from './replay/send.ts';

const parts = ['', 'more/'] as const;

/** The three models, as in the additional recordings. */
const installed = (): ScriptedModel[] => {
  const common = { licenses: [], parameters: { temperature: 0.2, stop: ['x'] }, contextLength: 2048 };
  return [
    scriptedModel({ ...common, name: 'pocket' }),
    scriptedModel({ ...common, name: 'pocket-thinking', capabilities: ['completion', 'tools', 'thinking'] }),
    scriptedModel({ ...common, name: 'pocket-embed', capabilities: ['embedding'], parameters: {} }),
  ];
};

/** Facts that the engine would have to read from the weights and the template. */
function learnCapabilities(server: ScriptedServer): void {
  for (const model of server.models) {
    const capabilities = installed().find(({ name }) => name === model.name)?.capabilities;
    Object.assign(model, { contextLength: 2048, ...(capabilities && { capabilities }) });
  }
}

for (const version of versions) {
  for (const part of parts) {
    const recordings = recordingsOf(version, part).filter(({ response }) => response.status !== undefined);

    describe(`the scripted engine responds as Ollama ${version} did: ${part || 'plain requests'}`, () => {
      const replies = new Map<string, Reply>();
      let server: ScriptedServer;
      let script: AnswerScript | undefined;

      beforeAll(async () => {
        server = await startScripted({ version, models: part === '' ? [] : installed(), says: () => script });
        for (const recording of recordings) {
          script = scriptedAnswer(recording);
          replies.set(recording.name, await send(server.host, recording));
          learnCapabilities(server);
        }
      });
      afterAll(() => server.close());

      test.each(recordings.map((recording) => [recording.name, recording] as const))('%s', (name, recording) => {
        const compared = scriptedAnswer(recording) === undefined ? outline : <T>(form: T) => form;
        const ours = compared(normalReply(replies.get(name)!, recording.request.path));
        const found = differences(ours, compared(normalRecording(recording)));
        expect(unexpected(found, { engine: 'scripted', version, name: part + name })).toEqual([]);
      });
    });
  }
}
