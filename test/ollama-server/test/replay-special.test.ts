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
import { normalRecording, normalReply } from './replay/normal-form.ts';
import { modelFile, type Recording, specialRecordings } from './replay/recording.ts';
import { send } from './replay/send.ts';

type Line = Record<string, unknown> & { message?: { content: string }; response?: string; error?: string };

const recordings = specialRecordings();
const linesOf = ({ response }: Recording): Line[] =>
  response.chunks.flatMap(({ text }) => text.split('\n').filter(Boolean)).map((line) => JSON.parse(line));
const failure = 'an error was encountered while running the model: unexpected EOF';

/** Text of the lines before the engine failed. */
const brokenAnswer = (recording: Recording) => ({
  text: linesOf(recording).flatMap(({ message, response }) => message?.content ?? response ?? []),
  failure,
});

/** How a test makes what these recordings show. */
const scripts: Record<string, (server: ScriptedServer, recording: Recording) => void> = {
  'chat-cloud-without-key': (server, recording) => server.chat(failWith(502, linesOf(recording)[0]!.error!)),
  'chat-runner-dies-streamed': (server, recording) => server.chat(brokenAnswer(recording)),
  'generate-runner-dies-streamed': (server, recording) => server.generate(brokenAnswer(recording)),
  'generate-runner-dies': (server) => server.generate({ text: ['some', ' text'], failure }),
  'generate-busy': (server) => server.generate(faults.serverBusy()),
  'generate-busy-streamed': (server) => server.generate(faults.serverBusy()),
  'tags-after': (server, recording) => server.tags(replyJson(linesOf(recording)[0])),
};
for (const name of recordings.keys()) {
  // A string is a status, an object a line: what a registry made the server say can be scripted as it is.
  if (name.startsWith('pull')) scripts[name] ??= (server, recording) => server.pull(progress(recording));
  if (name.startsWith('push')) scripts[name] ??= (server, recording) => server.push(progress(recording));
}

function progress(recording: Recording) {
  const lines = linesOf(recording);
  const { error } = lines.at(-1)!;
  return error === undefined ? lines : [...lines.slice(0, -1), failWith(500, error)];
}

/** What the llama engine does by itself, in this order, once it has the model. */
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

test('every special recording is replayed', () => {
  const replayed = new Set([...Object.keys(scripts), ...real, ...closedByClient]);
  expect([...replayed].sort()).toEqual([...recordings.keys()].sort());
});

describe('a script says what a server in trouble said', () => {
  const names = Object.keys(scripts).filter((name) => !closedByClient.includes(name));

  test.each(names)('%s', async (name) => {
    const recording = recordings.get(name)!;
    await using server = await startScripted();
    scripts[name]!(server, recording);
    const reply = await send(server.host, recording);
    expect(differences(normalReply(reply, recording.request.path), normalRecording(recording))).toEqual([]);
  });

  test.each(closedByClient)('%s', async (name) => {
    const recording = recordings.get(name)!;
    await using server = await startScripted();
    if (name.startsWith('pull')) server.pull([...linesOf(recording), gate()]);
    else server.generate({ lines: [...linesOf(recording), gate()] });
    const reply = await send(server.host, recording);
    expect(differences(normalReply(reply, recording.request.path), normalRecording(recording))).toEqual([]);
    expect(await server.lastRequest.closed).toBe('aborted');
  });
});

describe('the llama engine answers the special requests that need no broken server', () => {
  let server: LlamaServer;

  beforeAll(async () => {
    server = await startLlama({ empty: true });
    const digest = await upload(modelFile('pocket.gguf'));
    const template = modelFile('template.gotmpl').toString();
    const body = { model: 'pocket', files: { 'pocket.gguf': digest }, template, parameters: { stop: ['<|im_end|>'] } };
    await fetch(`${server.host}/api/create`, { method: 'POST', body: JSON.stringify(body) }).then((reply) =>
      reply.text(),
    );
  });
  afterAll(() => server.close());

  async function upload(content: Buffer): Promise<string> {
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    await fetch(`${server.host}/api/blobs/${digest}`, { method: 'POST', body: new Uint8Array(content) });
    return digest;
  }

  test.each(real)('%s', async (name) => {
    const recording = recordings.get(name)!;
    if (name === 'create-cut-file') await upload(modelFile('pocket.gguf').subarray(0, 900_000));
    if (name === 'create-text-file') {
      // The text that was recorded is not known, nor does it matter.
      const files = { 'm.gguf': await upload(Buffer.from('This is no model.')) };
      Object.assign(recording.request.body as object, { files });
    }
    const reply = await send(server.host, recording);
    expect(differences(normalReply(reply, recording.request.path), normalRecording(recording))).toEqual([]);
  });

  test('a client that leaves frees the model for the next', async () => {
    const left = await send(server.host, recordings.get('generate-closed-by-client')!);
    expect(left).toMatchObject({ status: 200, complete: false });
    const next = await send(server.host, recordings.get('generate-after-runner-died')!);
    expect(JSON.parse(next.text)).toMatchObject({ response: 'Hello! How can I help you today?', done: true });
  });
});
