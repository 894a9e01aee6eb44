import { createHash } from 'node:crypto';
import type { CallOptions, Ollama } from '@ollama-toolbelt/core';
import type { ScriptedServer } from '@ollama-toolbelt/ollama-server';
import { calls, type OperationCall, streamingCalls } from '../core/calls.ts';
import { secret } from '../core/secrets.ts';

/** An operation as the matrix plays faults to it. */
export interface FaultCall extends OperationCall {
  /** Where the fault goes, where that is not `METHOD path`. */
  route?: `${'POST' | 'HEAD'} /${string}`;
  /** The error does not name a model: there is none, or it is no part of the request. */
  modelless?: boolean;
  /** What the message says of where it happened, where that may be less than `METHOD path`. */
  said?: string;
  /** Faults that cannot be told there, and why. */
  except?: Readonly<Record<string, string>>;
}

const uploaded = new TextEncoder().encode('a file');
const digest = `sha256:${createHash('sha256').update(uploaded).digest('hex')}`;
const query = { query: secret.prompt };
const page = { url: `http://example.com/${secret.prompt}` };
const modelfile = {
  model: 'new-model',
  modelfile: `FROM chat-model\nSYSTEM """${secret.prompt}"""\nPARAMETER seed 1\n`,
};

/** `num_ctx` is given, so that a turn is one request. */
const conversation = (ollama: Ollama) =>
  ollama.conversation({ model: 'chat-model', system: 'Be brief.', options: { num_ctx: 2048 } });

/** A turn that fails leaves the history as it was. */
async function turn(ollama: Ollama, call?: CallOptions): Promise<object> {
  const chat = conversation(ollama);
  try {
    return await chat.send(secret.prompt, call);
  } catch (error) {
    if (chat.messages.length !== 1) throw new Error('a failed turn changed the history');
    throw error;
  }
}

/** Those that read lines, besides the ones of `calls.ts`. */
const moreStreaming: readonly FaultCall[] = [
  {
    name: 'create with a Modelfile',
    method: 'POST',
    path: '/api/create',
    whole: (ollama, call) => ollama.create(modelfile, call),
    stream: (ollama, call) => ollama.createStream(modelfile, call),
  },
  {
    name: 'conversation.send',
    method: 'POST',
    path: '/api/chat',
    whole: turn,
    stream: (ollama, call) => conversation(ollama).sendStream(secret.prompt, call),
  },
  {
    name: 'load',
    method: 'POST',
    path: '/api/generate',
    whole: (ollama, call) => ollama.load({ model: 'chat-model', keep_alive: '1h' }, call),
  },
  {
    name: 'unload',
    method: 'POST',
    path: '/api/generate',
    whole: (ollama, call) => ollama.unload({ model: 'chat-model' }, call),
  },
];

const moreWhole: readonly FaultCall[] = [
  {
    name: 'webSearch',
    method: 'POST',
    path: '/api/experimental/web_search',
    modelless: true,
    whole: (ollama, call) => ollama.webSearch(query, call),
  },
  {
    name: 'webFetch',
    method: 'POST',
    path: '/api/experimental/web_fetch',
    modelless: true,
    whole: (ollama, call) => ollama.webFetch(page, call),
  },
  { name: 'me', method: 'POST', path: '/api/me', modelless: true, whole: (ollama, call) => ollama.me(call) },
  {
    name: 'recommendations',
    method: 'GET',
    path: '/api/experimental/model-recommendations',
    modelless: true,
    whole: (ollama, call) => ollama.recommendations(call),
  },
  {
    name: 'blobs.upload',
    method: 'POST',
    path: `/api/blobs/${digest}`,
    route: 'POST /api/blobs/:digest',
    modelless: true,
    // It asks first whether the blob is there, and has one deadline for all.
    said: '/api/blobs',
    except: { 'no answer begins in time': 'no answer can begin while the bytes are being sent' },
    whole: (ollama, call) => ollama.blobs.upload(uploaded, call),
  },
];

const withModel = (call: OperationCall): FaultCall => ({ ...call, ...(!call.body && { modelless: true }) });

/** Every operation whose answer has a body. */
export const faultCalls: readonly FaultCall[] = [...calls.map(withModel), ...moreStreaming, ...moreWhole];

/** Those that read an answer line by line. */
export const lineCalls: readonly FaultCall[] = [...streamingCalls.map(withModel), ...moreStreaming];

/** The only one whose answer never has a body. */
export const blobsHas: FaultCall = {
  name: 'blobs.has',
  method: 'HEAD',
  path: `/api/blobs/${digest}`,
  route: 'HEAD /api/blobs/:digest',
  modelless: true,
  whole: async (ollama, call) => ({ has: await ollama.blobs.has(digest, call) }),
};

export const routeOf = ({ method, path, route }: FaultCall) =>
  (route ?? `${method} ${path}`) as Parameters<ScriptedServer['on']>[0];
