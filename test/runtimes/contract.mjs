// Runs the client on any runtime, with servers started by the test. Prints the results as JSON.
// The same file runs on each runtime, so it is plain JavaScript.

const { entry, host, gone, secure, ca, proxy, socketPath, file } = JSON.parse(process.env.CONTRACT);
const { createOllama, OllamaError } = await import(`@ollama-toolbelt/core/${entry}`);

/** The message is the name of the call, so the server knows how to answer it. */
const request = (content) => ({ model: 'chat-model', messages: [{ role: 'user', content }] });
const failure = async (call) => {
  const error = await call.then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof OllamaError)) return `not ours: ${error}`;
  return [error.code, error.phase, error.partial?.message?.content].filter(Boolean).join(' ');
};
const piecesOf = async (stream) => {
  const pieces = [];
  for await (const chunk of stream) pieces.push(chunk.message.content);
  return pieces;
};

const ollama = createOllama({ host, retry: false });
const report = {};

report.whole = (await ollama.chat(request('whole'))).message.content;
report.pieces = await piecesOf(ollama.chatStream(request('pieces')));
for await (const chunk of ollama.chatStream(request('left'))) {
  report.left = chunk.message.content.length > 0;
  break;
}
const stop = new AbortController();
setTimeout(() => stop.abort(), 100);
report.cancelled = await failure(ollama.chat(request('cancelled'), { signal: stop.signal }));
const stopLater = new AbortController();
report.cancelledInBody = await failure(
  (async () => {
    for await (const _ of ollama.chatStream(request('cancelledInBody'), { signal: stopLater.signal }))
      stopLater.abort();
  })(),
);
report.firstByte = await failure(ollama.chat(request('firstByte'), { timeouts: { firstByteMs: 100 } }));
report.idle = (await failure(ollama.chat(request('idle'), { timeouts: { idleMs: 100 } })))
  .split(' ')
  .slice(0, 2)
  .join(' ');
report.total = await failure(ollama.chat(request('total'), { timeouts: { totalMs: 100 } }));
report.notFound = await failure(ollama.chat({ ...request('notFound'), model: 'nope' }));
report.reset = (await failure(ollama.chat(request('reset')))).split(' ').slice(0, 2).join(' ');
report.truncated = (await failure(ollama.chat(request('truncated')))).split(' ').slice(0, 2).join(' ');
report.vectors = (await ollama.embed({ model: 'embedding-model', input: ['a', 'b'] })).embeddings.length;
report.digest = (await ollama.blobs.upload(new TextEncoder().encode('some bytes'))).digest;
report.has = await ollama.blobs.has(report.digest);
report.refused = await failure(createOllama({ host: gone, retry: false }).version());
report.dns = await failure(createOllama({ host: 'http://does-not-exist.invalid:11434', retry: false }).version());
report.tls = await failure(createOllama({ host: secure, retry: false }).version());
if (entry === 'node') {
  const version = async (options) => (await createOllama({ retry: false, ...options }).version()).version;
  report.file = (await ollama.blobs.upload(file)).digest;
  report.ca = await version({ host: secure, ca });
  report.insecure = await version({ host: secure, insecure: true });
  report.proxy = await version({ host, proxy });
  report.environment = await version({ host, proxy: false });
  report.socket = await version({ host: `unix://${socketPath}` });
}
await ollama.close();
await ollama.close();
console.log(JSON.stringify(report));
