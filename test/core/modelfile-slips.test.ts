import { createOllama as createOnFetch } from '@ollama-toolbelt/core/fetch';
import { parseModelfile } from '@ollama-toolbelt/core/neutral';
import { createOllama } from '@ollama-toolbelt/core/node';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../fixtures/core/failure.ts';

describe.each([
  ['node', createOllama],
  ['fetch', createOnFetch],
] as const)('on %s', (_, create) => {
  test.each([
    [{ from: 'chat-model' }, { from: 'chat-model' }],
    [{ files: { 'a.gguf': `sha256:${'1'.repeat(64)}` } }, { files: { 'a.gguf': `sha256:${'1'.repeat(64)}` } }],
  ])('a Modelfile without FROM goes with %j', async (given, sent) => {
    await using server = await startScripted();
    await using ollama = create({ host: server.host });
    server.create([{ status: 'success' }]);
    await ollama.create({ model: 'x', ...given, modelfile: 'SYSTEM You are a pirate.\nPARAMETER top_k 5' });
    expect(server.lastRequest.body).toMatchObject({ ...sent, system: 'You are a pirate.', parameters: { top_k: 5 } });
    server.create([{ status: 'success' }]);
    await ollama.create({ model: 'x', ...given, modelfile: '' });
    expect(server.lastRequest.body).toMatchObject(sent);
  });

  test('alone it is an error', async () => {
    await using ollama = create({ host: 'http://127.0.0.1:9' });
    const error = await failureOf(ollama.create({ model: 'x', modelfile: 'SYSTEM x' }));
    expect(error).toMatchObject({ code: 'bad_modelfile' });
  });

  test('characters that Ollama drops are reported in a notice', async () => {
    await using server = await startScripted();
    await using ollama = create({ host: server.host });
    const modelfile = 'FROM chat-model\nSYSTEM """می\u200cخواهم 👩\u200d👩 a\u00a0b\n"""\nTEMPLATE plain\n';
    const { notices = [] } = await ollama.create({ model: 'x', modelfile });
    expect(notices).toMatchObject([{ code: 'characters_dropped', command: 'SYSTEM', characters: 3, line: 2 }]);
    expect(notices[0]?.message).toContain('SYSTEM (line 2 of the Modelfile) has 3 invisible characters');
    expect(server.lastRequest.body).toMatchObject({ system: 'میخواهم 👩👩 ab\n' });
  });
});

test('a command without dropped characters has no notice', () => {
  expect(parseModelfile('FROM a\nSYSTEM é 😀').commands).toEqual([
    { name: 'from', value: 'a', line: 1 },
    { name: 'system', value: 'é 😀', line: 2 },
  ]);
});

test.each([
  ['FORM pocket', 'Did you mean FROM?', {}],
  ['FROM a\nSYTEM x', 'Did you mean SYSTEM?', { line: 2 }],
  ['FROM a\nPARAMTER top_k 5', 'Did you mean PARAMETER?', { line: 2 }],
  ['FROM a\nPARAMETER temprature 0.5', 'Did you mean temperature?', { line: 2, option: 'temprature' }],
  ['FROM a\nPARAMETER num_ctxt 5', 'Did you mean num_ctx?', { line: 2, option: 'num_ctxt' }],
])('%j: %s', async (modelfile, hint, details) => {
  await using ollama = createOllama({ host: 'http://127.0.0.1:9' });
  const error = await failureOf(ollama.create({ model: 'x', modelfile }));
  expect(error).toMatchObject({ code: 'bad_modelfile', hint, ...details });
});
