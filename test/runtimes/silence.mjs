// Calls a server that is silent for longer than the timeouts of this Node's fetch, which are shortened for this test.
// Prints the result of each call as JSON.
import { createOllama } from '@ollama-toolbelt/core/fetch';

const { host, strict } = JSON.parse(process.env.SILENCE);
const limits = { headersTimeout: 100, bodyTimeout: 100 };

// Loads undici, which then has its dispatcher under one symbol or two.
void Response.name;
for (const version of [1, 2]) {
  const symbol = Symbol.for(`undici.globalDispatcher.${version}`);
  const dispatcher = globalThis[symbol];
  if (dispatcher === undefined) continue;
  globalThis[symbol] = {
    dispatch: (options, handler) =>
      dispatcher.dispatch(strict ? { ...options, ...limits } : { ...limits, ...options }, handler),
  };
}

const failure = (call) =>
  call.then(
    () => 'whole',
    ({ name, code, phase, systemCode, cause, hint }) =>
      [name, code ?? cause?.code, phase, systemCode, hint].filter(Boolean),
  );
const plain = failure(fetch(`${host}/api/chat`, { method: 'POST', body: '{"model":"chat-model","messages":[]}' }));
await plain;
const ollama = createOllama({ host, retry: false });
const request = { model: 'chat-model', messages: [{ role: 'user', content: 'Hi' }] };
const inBody = failure(ollama.chat(request));
const beforeHead = inBody.then(() => failure(ollama.chat(request)));
console.log(JSON.stringify({ plain: await plain, inBody: await inBody, beforeHead: await beforeHead }));
process.exit();
