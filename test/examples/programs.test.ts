import { gate, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { tempFolder, weights } from '../fixtures/core/temp-folder.ts';
import { runExample } from '../fixtures/examples/run-example.ts';

const OLLAMA_MODEL = 'chat-model';

/** A server with the models that the examples name. */
const startModels = () =>
  startScripted({
    models: ['chat-model', 'llama3.2'].map((name) => scriptedModel({ name })).concat(embeddingModel),
  });
const embeddingModel = scriptedModel({ name: 'nomic-embed-text', capabilities: ['embedding'] });

test('tool-loop.ts: runs what the model calls, tells it of a mistake, and prints the answer', async () => {
  await using server = await startModels();
  const calls = (...zones: string[]) => ({
    toolCalls: zones.map((time_zone) => ({ name: 'current_time', arguments: { time_zone } })),
  });
  server.chat(calls('Europe/Oslo', 'Tokyo')).chat(calls('Asia/Tokyo')).chat({ text: 'It is late in Tokyo.' });
  await using example = runExample('tool-loop.ts', ['How late is it?'], { host: server.host, env: { OLLAMA_MODEL } });
  expect(await example.ended).toBe(0);
  expect(example.stdout()).toBe('It is late in Tokyo.\n');
  expect(example.stderr()).toMatch(
    /\[current_time Europe\/Oslo\]\n\[current_time Tokyo\]\n\[current_time Asia\/Tokyo\]/,
  );
  const results = (server.lastRequest.body['messages'] as { role: string; content: string }[])
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => content);
  expect(results).toEqual([
    expect.stringContaining(String(new Date().getFullYear())),
    expect.stringMatching(/^error.*Tokyo/i),
    expect.stringContaining(String(new Date().getFullYear())),
  ]);
});

test('extract.ts: turns an invoice into typed data', async () => {
  await using server = await startModels();
  const invoice = {
    number: '2026-117',
    due: '2026-12-31',
    currency: 'EUR',
    lines: [
      { item: 'Keyboard', quantity: 2, price: 80 },
      { item: 'Desk lamp', quantity: 1, price: 39.9 },
    ],
  };
  server.chat({ text: JSON.stringify(invoice) }).chat({ text: JSON.stringify({ ...invoice, due: 'soon' }) });
  const options = { host: server.host, env: { OLLAMA_MODEL } };
  await using example = runExample('extract.ts', ['invoice.txt'], options);
  expect(await example.ended).toBe(0);
  expect(example.stdout()).toBe('2026-117: 199.90 EUR, due 2026-12-31\n');
  expect(server.lastRequest.body['format']).toMatchObject({ properties: { due: { type: 'string', format: 'date' } } });
  expect(JSON.stringify(server.lastRequest.body['messages'])).toContain('Fjord Office Supplies');

  await using other = runExample('extract.ts', ['invoice.txt'], options);
  expect(await other.ended).toBe(1);
  expect([other.stdout(), other.stderr()]).toEqual(['', expect.stringMatching(/schema/)]);
});

test('search-folder.ts: finds the closest passage, and embeds only what has changed', async () => {
  await using server = await startModels();
  await using folder = await tempFolder();
  await folder.write('pets.md', '# Pets\n\nCats eat meat and fish.\n\nDogs like to run.');
  await folder.write('travel/notes.txt', 'The train to Bergen takes seven hours.');
  await folder.write('picture.png', 'Cats eat meat and fish.');
  await using example = runExample('search-folder.ts', [folder.path], { host: server.host });
  await example.until('? ');
  example.type('What do cats eat?\n');
  await example.until('pets.md: Cats eat meat and fish.');
  await example.until('? ');
  expect(server.lastRequest.body['input']).toHaveLength(5);
  await folder.write('travel/notes.txt', 'The ferry to Bergen takes nine hours.');
  example.type('How long is the ferry to Bergen?\n');
  await example.until('travel/notes.txt: The ferry to Bergen takes nine hours.');
  await example.until('? ');
  expect(server.lastRequest.body['input']).toEqual([
    'How long is the ferry to Bergen?',
    'The ferry to Bergen takes nine hours.',
  ]);
  example.child.stdin?.end();
  expect(await example.ended).toBe(0);
});

test('create-model.ts: sends the Modelfile and its files, with progress', async () => {
  await using server = await startModels();
  await using plain = runExample('create-model.ts', ['pirate', 'Modelfile'], { host: server.host });
  expect(await plain.ended).toBe(0);
  expect(plain.stdout()).toMatch(/writing manifest\nsuccess\npirate: Hello from the scripted engine\.\n$/);
  expect(server.requestsTo('/api/create')[0]!.body).toMatchObject({
    model: 'pirate',
    from: 'llama3.2',
    parameters: { temperature: 0.5 },
    system: expect.stringContaining('You are a pirate.'),
  });

  await using folder = await tempFolder();
  await folder.write('weights.gguf', weights(3));
  const modelfile = await folder.write('Modelfile', 'FROM ./weights.gguf\n');
  await using upload = runExample('create-model.ts', ['mine', modelfile], { host: server.host });
  expect(await upload.ended).toBe(0);
  expect(upload.stdout()).toMatch(/weights\.gguf 100 %\n/);
  expect(server.blobs.size).toBe(1);

  await folder.write('Modelfile', 'FROM llama3.2\nPARAMETER temperature hot\n');
  await using wrong = runExample('create-model.ts', ['mine', modelfile], { host: server.host });
  expect(await wrong.ended).toBe(1);
  expect(wrong.stderr()).toMatch(/line 2/);
});

test('summarize-files.ts: two at a time, progress on stderr, one bad file costs no other', async () => {
  await using server = await startModels();
  await using folder = await tempFolder();
  const names = ['a.txt', 'b.txt', 'c.txt'];
  const files = await Promise.all(names.map((name) => folder.write(name, `Text of ${name}`)));
  server.always.generate(({ body }) => ({ text: `About ${String(body['prompt']).slice(-5)}` }));
  await using example = runExample('summarize-files.ts', [...files, 'missing.txt'], {
    host: server.host,
    env: { OLLAMA_MODEL },
  });
  expect(await example.ended).toBe(1);
  const lines = example
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.toSorted((a, b) => (a.file < b.file ? -1 : 1))).toEqual(
    [
      ...names.map((name, index) => ({ file: files[index], summary: `About ${name}` })),
      { file: 'missing.txt', error: expect.stringContaining('ENOENT') },
    ].toSorted((a, b) => (a.file! < b.file! ? -1 : 1)),
  );
  expect(example.stderr()).toMatch(/\r\[\.{30}\] 0\/4[\s\S]*\r\[#{30}\] 4\/4\n$/);
});

test.skipIf(process.platform === 'win32')(
  'summarize-files.ts: Ctrl-C ends the calls under way and those that wait',
  async () => {
    await using server = await startModels();
    const stops = [gate(), gate()] as const;
    server.generate({ text: 'The first call of a cold model goes alone.' });
    for (const stop of stops) server.generate({ text: ['one', stop] });
    const files = ['invoice.txt', 'Modelfile', 'README.md', 'extract.ts'];
    await using example = runExample('summarize-files.ts', files, { host: server.host, env: { OLLAMA_MODEL } });
    for (const stop of stops) await Promise.race([stop.reached, example.ended]);
    example.child.kill('SIGINT');
    expect(await example.ended).toBe(1);
    const outcomes = server.requestsTo('/api/generate').map(({ closed }) => closed);
    expect(await Promise.all(outcomes)).toEqual(['complete', 'aborted', 'aborted']);
    expect(example.stdout().match(/"error"/g)).toHaveLength(3);
  },
);
