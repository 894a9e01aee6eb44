import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  failWith,
  faults,
  gate,
  type LlamaServer,
  replyJson,
  type ScriptedServer,
  startLlama,
  startScripted,
} from '../src/index.ts';
import { differences } from './replay/differences.ts';
import { unexpected } from './replay/known-differences.ts';
import { normalRecording, normalReply } from './replay/normal-form.ts';
import { linesOf, modelFile, type Recording, recordingsOf, versions } from './replay/recording.ts';
import { send } from './replay/send.ts';

const failure = 'an error was encountered while running the model: unexpected EOF';

/** Text of the lines before the engine failed. */
const brokenAnswer = (recording: Recording) => ({
  text: linesOf(recording).flatMap(({ message, response }) => message?.content ?? response ?? []),
  failure,
});

type Script = (server: ScriptedServer, recording: Recording) => void;

/** How a test reproduces these recordings. */
const scripts: Record<string, Script> = {
  'chat-cloud-without-key': (server, recording) => server.chat(failWith(502, linesOf(recording)[0]!.error!)),
  'chat-runner-dies-streamed': (server, recording) => server.chat(brokenAnswer(recording)),
  'generate-runner-dies-streamed': (server, recording) => server.generate(brokenAnswer(recording)),
  'generate-runner-dies': (server) => server.generate({ text: ['some', ' text'], failure }),
  'generate-busy': (server) => server.generate(faults.serverBusy()),
  'generate-busy-streamed': (server) => server.generate(faults.serverBusy()),
  'tags-after': (server, recording) => server.tags(replyJson(linesOf(recording)[0])),
};
/** Responses that a registry caused can be scripted as they are. */
function scriptOf(name: string): Script | undefined {
  if (name.startsWith('pull')) return (server, recording) => server.pull(progress(recording));
  if (name.startsWith('push')) return (server, recording) => server.push(progress(recording));
  return scripts[name];
}

function progress(recording: Recording) {
  const lines = linesOf(recording);
  const { error } = lines.at(-1)!;
  return error === undefined ? lines : [...lines.slice(0, -1), failWith(500, error)];
}

/** Responses of the llama engine itself, in this order, once it has the model. */
const real = [
  'create-cut-file',
  'create-text-file',
  'generate-on-cut-file',
  'generate-on-text-file',
  'generate-tools-ignored',
  'generate-after-runner-died',
  'show-bad-name',
  'show-full-name',
  'show-upper-case',
  'show-with-tag',
];
const closedByClient = ['generate-closed-by-client', 'pull-slow-closed-by-client'];

for (const version of versions) {
  const recordings = new Map(recordingsOf(version, 'special/').map((recording) => [recording.name, recording]));
  const isReal = (name: string) => real.includes(name);
  const isLeft = (name: string) => closedByClient.includes(name);
  const names = [...recordings.keys()];

  /** Sends the request again, and returns the unknown differences. */
  async function replay(host: string, name: string, engine: 'llama' | 'scripted'): Promise<string[]> {
    const recording = recordings.get(name)!;
    const reply = await send(host, recording);
    const found = differences(normalReply(reply, recording.request.path), normalRecording(recording));
    return unexpected(found, { engine, version, name: `special/${name}` });
  }

  test(`every special recording of ${version} is replayed`, () => {
    const missing = names.filter((name) => !isReal(name) && !isLeft(name) && scriptOf(name) === undefined);
    expect(missing).toEqual([]);
    expect([...real, ...closedByClient].filter((name) => !recordings.has(name))).toEqual([]);
  });

  describe(`a script responds like a server of ${version} in trouble`, () => {
    test.each(names.filter((name) => !isReal(name) && !isLeft(name)))('%s', async (name) => {
      await using server = await startScripted({ version });
      scriptOf(name)!(server, recordings.get(name)!);
      expect(await replay(server.host, name, 'scripted')).toEqual([]);
    });

    test.each(closedByClient)('%s', async (name) => {
      await using server = await startScripted({ version });
      const lines = linesOf(recordings.get(name)!);
      if (name.startsWith('pull')) server.pull([...lines, gate()]);
      else server.generate({ lines: [...lines, gate()] });
      expect(await replay(server.host, name, 'scripted')).toEqual([]);
      expect(await server.lastRequest.closed).toBe('aborted');
    });
  });

  describe(`the llama engine responds as ${version} to the special requests that need no broken server`, () => {
    let server: LlamaServer;

    beforeAll(async () => {
      server = await startLlama({ empty: true, version });
      const digest = await upload(modelFile('pocket.gguf'));
      const template = modelFile('template.gotmpl').toString();
      const files = { 'pocket.gguf': digest };
      const body = { model: 'pocket', files, template, parameters: { stop: ['<|im_end|>'] } };
      const created = await fetch(`${server.host}/api/create`, { method: 'POST', body: JSON.stringify(body) });
      await created.text();
    });
    afterAll(() => server.close());

    async function upload(content: Buffer): Promise<string> {
      const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
      await fetch(`${server.host}/api/blobs/${digest}`, { method: 'POST', body: new Uint8Array(content) });
      return digest;
    }

    test.each(real)('%s', async (name) => {
      if (name === 'create-cut-file') await upload(modelFile('pocket.gguf').subarray(0, 900_000));
      if (name === 'create-text-file') {
        // The recorded text is unknown, and does not matter.
        const files = { 'm.gguf': await upload(Buffer.from('This is not a model.')) };
        Object.assign(recordings.get(name)!.request.body as object, { files });
      }
      expect(await replay(server.host, name, 'llama')).toEqual([]);
    });

    test('a client that disconnects frees the model for the next', async () => {
      const left = await send(server.host, recordings.get('generate-closed-by-client')!);
      expect(left).toMatchObject({ status: 200, complete: false });
      const next = await send(server.host, recordings.get('generate-after-runner-died')!);
      expect(JSON.parse(next.text)).toMatchObject({ response: 'Hello! How can I help you today?', done: true });
    });
  });
}
