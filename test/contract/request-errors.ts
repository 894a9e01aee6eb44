import type { ModelOptions } from '@ollama-toolbelt/core/neutral';
import type { ContractTest } from './contract-test.ts';
import { steady } from './pocket-answers.ts';
import { type Refusal, refused } from './responses.ts';

const messages = [{ role: 'user' as const, content: 'Hello!' }];
const prompt = 'Hello!';
const bad = (says: RegExp): Refusal => ({ status: 400, code: 'bad_request', says });
/** Rejected before a request is sent: real servers respond with 500. */
const unsent = (says: RegExp): Refusal => ({ code: 'bad_request', says });
/** The server responds to a failed check of its own with 500, although the request is wrong. */
const failed = (says: RegExp): Refusal => ({ status: 500, code: 'bad_request', says });
/** For values that the types do not allow. */
const wrong = <Right>(value: unknown): Right => value as Right;

/** Errors for requests that no model could answer. */
export function requestErrorsContract(test: ContractTest): void {
  test('an option of the wrong type', async ({ ollama, chatModel: model, embedModel }) => {
    const refusal = unsent(/^options\.temperature has a value of the wrong type/);
    const options = wrong<ModelOptions>({ temperature: 'hot' });
    await refused(ollama.generate({ model, prompt, options }), refusal);
    await refused(ollama.chat({ model, messages, options }), refusal);
    await refused(ollama.chatStream({ model, messages, options }), refusal);
    await refused(ollama.embed({ model: embedModel, input: 'x', options }), refusal);
  });

  test('raw with a system prompt, a template or a context', async ({ ollama, chatModel: model }) => {
    const refusal = bad(/raw mode does not support template, system, or context/);
    await refused(ollama.generate({ model, prompt, raw: true, system: 'y' }), refusal);
    await refused(ollama.generateStream({ model, prompt, raw: true, template: '{{ .Prompt }}' }), refusal);
    await refused(ollama.generate({ model, prompt, raw: true, context: [1] }), refusal);
  });

  test('a bad keep_alive', async ({ ollama, chatModel: model, embedModel }) => {
    const refusal = unsent(/^keep_alive is not a duration/);
    await refused(ollama.generate({ model, keep_alive: 'soon' }), refusal);
    await refused(ollama.chat({ model, messages, keep_alive: 'soon' }), refusal);
    await refused(ollama.load({ model, keep_alive: 'soon' }), refusal);
    await refused(ollama.embed({ model: embedModel, input: 'x', keep_alive: 'soon' }), refusal);
    await refused(ollama.generate({ model, keep_alive: wrong(true) }), refusal);
  });

  test('a bad format', async ({ ollama, chatModel: model }) => {
    const refusal = unsent(/^format is neither "json" nor a schema/);
    await refused(ollama.generate({ model, prompt, format: wrong<'json'>('yaml') }), refusal);
    await refused(ollama.chat({ model, messages, format: wrong<'json'>('yaml') }), refusal);
    await refused(ollama.chatStream({ model, messages, format: wrong<'json'>('yaml') }), refusal);
  });

  test('a bad level of thinking', async ({ ollama, chatModel: model }) => {
    const refusal = bad(/invalid think value: "xhigh"/);
    await refused(ollama.chat({ model, messages, think: wrong<'high'>('xhigh') }), refusal);
    await refused(ollama.generate({ model, prompt, think: wrong<'high'>('xhigh') }), refusal);
  });

  test('a top_logprobs that is too large', async ({ ollama, chatModel: model }) => {
    const refusal = bad(/top_logprobs must be between 0 and 20/);
    await refused(ollama.generate({ model, prompt, logprobs: true, top_logprobs: 50 }), refusal);
    await refused(ollama.chat({ model, messages, logprobs: true, top_logprobs: -1 }), refusal);
  });

  test('a prompt over the context with truncate: false', async ({ ollama, chatModel: model }) => {
    const long = 'Hello there. '.repeat(2500);
    // A vision model has a context of at least 2,048 tokens, and this is more than that too.
    const request = { model, truncate: false, options: { ...steady, num_ctx: 512 } };
    const ways: readonly [Refusal, ...Refusal[]] = [
      { status: 400, code: 'context_exceeded', says: /exceeds the available context size/, from: '0.33' },
      { status: 400, code: 'context_exceeded', says: /the input length exceeds the context length/, from: '0.24' },
      { status: 400, code: 'context_exceeded', says: /longer than the context length/, from: 'newer' },
    ];
    await refused(ollama.generate({ ...request, prompt: long }), ...ways);
    await refused(ollama.generateStream({ ...request, prompt: long }), ...ways);
    await refused(ollama.chat({ ...request, messages: [{ role: 'user', content: long }] }), ...ways);
    await refused(ollama.chatStream({ ...request, messages: [{ role: 'user', content: long }] }), ...ways);
  });

  test('a body of the wrong form', async ({ ollama, chatModel: model, embedModel }) => {
    const unmarshal = bad(/cannot unmarshal/);
    await refused(ollama.generate({ model, prompt: wrong(5) }), unmarshal);
    await refused(ollama.chat({ model, messages: wrong({ role: 'user' }) }), unmarshal);
    await refused(ollama.embed({ model: embedModel, input: wrong(5) }), bad(/invalid input type/));
    await refused(ollama.generate({ model, prompt, images: ['/no/base64!'] }), bad(/illegal base64 data/));
    const call = { function: { name: 'f', arguments: wrong<Record<string, unknown>>('{}') } };
    await refused(
      ollama.chat({ model, messages: [...messages, { role: 'assistant', content: '', tool_calls: [call] }] }),
      bad(/Value looks like object|cannot unmarshal/),
    );
  });

  test('create without a base', async ({ ollama, freshName }) => {
    await refused(ollama.create({ model: freshName() }), bad(/neither 'from' or 'files' was specified/));
    await refused(ollama.createStream({ model: freshName() }), bad(/neither 'from' or 'files' was specified/));
  });

  test('create with a bad template', async ({ ollama, chatModel: from, freshName }) => {
    const call = ollama.create({ model: freshName(), from, template: '{{ .Nope' });
    await refused(call, bad(/template error: template: :1: unclosed action/));
  });

  test('create from a file that was not uploaded', async ({ ollama, freshName }) => {
    const files = { 'a.gguf': `sha256:${'1'.repeat(64)}` };
    const missing: Refusal = { code: 'stream_error', says: /no such file or directory|cannot find the file/ };
    await refused(ollama.create({ model: freshName(), files }), missing);
    await refused(ollama.createStream({ model: freshName(), files }), missing);
  });

  test('create with an unknown quantization', async ({ ollama, chatModel: from, freshName }) => {
    const call = ollama.create({ model: freshName(), from, quantize: 'q99' });
    await refused(call, failed(/quantization/), { code: 'bad_request', says: /quantization/ });
  });

  test('an invalid digest, and one of other bytes', async ({ ollama, host, apiKey, skip }) => {
    // The client rejects an invalid digest itself, and never sends bytes under a digest other than their own.
    await refused(ollama.blobs.has('sha256:abc'), { code: 'bad_request', says: /^invalid digest format/ });
    if (host.startsWith('unix:')) return skip('the fetch of this test knows no Unix sockets');
    const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    const response = await fetch(`${ollama.url}/api/blobs/sha256:${'0'.repeat(64)}`, {
      method: 'POST',
      body: 'hello',
      headers,
    });
    const text = await response.text();
    if (response.status !== 400 || !/digest mismatch/.test(text)) throw new Error(`${response.status} ${text}`);
  });
}
