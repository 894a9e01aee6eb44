import { faults, scriptedModel } from '@ollama-toolbelt/ollama-server';
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { NodeSetup } from './engine.ts';
import { nameOf, operations, parametersOf } from './every-parameter.ts';
import { useEngine } from './use-engine.ts';

const models = [
  scriptedModel({ name: 'chat-model', capabilities: ['completion', 'tools', 'thinking', 'insert', 'vision'] }),
  ...['spare-model', 'me/model'].map((name) => scriptedModel({ name })),
  scriptedModel({ name: 'embedding-model', capabilities: ['embedding'] }),
];
const { engine, server } = await useEngine({ models });

const run = (parameters: INodeParameters, more: Partial<NodeSetup> = {}) =>
  engine.run({ parameters, credential: { baseUrl: server.host }, ...more });

const cases = operations.map((base) => ({
  name: nameOf(base),
  parameters: parametersOf(engine.node.description.properties, base),
}));

test('every operation is listed, with its parameters', () => {
  const { properties } = engine.node.description;
  const known = properties
    .filter(({ name }) => name === 'operation')
    .flatMap(({ displayOptions, options }) =>
      options!.map((option) => `${displayOptions!.show!['resource']![0]}: ${'value' in option && option.value}`),
    );
  expect(operations.map(nameOf).sort()).toEqual(known.sort());
  expect(cases.flatMap(({ parameters }) => parameters).length).toBeGreaterThan(150);
});

describe.each(cases.filter(({ parameters }) => parameters.length > 0))('$name', ({ parameters }) => {
  // Without a value a model invents one, a list is empty, and an option does nothing: none of that may go unnoticed.
  test('reports every parameter whose expression has no result', async () => {
    for (const { label, withValue } of parameters) {
      for (const nothing of ['{{ $json.typo }}', '{{ null }}']) {
        const { error, hints } = await run(withValue(`=${nothing}`));
        const messages = [error?.message, error?.description, ...hints.map(({ message }) => message)].join('\n');
        const isNamed = messages.includes(label) || (label === 'Model' && messages.includes('No model is chosen'));
        expect(isNamed, `${label} with ${nothing}: ${messages}`).toBe(true);
        if (error) expect(error.context).toMatchObject({ itemIndex: 0 });
        if (error) expect(error.description).toContain(`The expression ${nothing} gave`);
      }
    }
  });

  test('sends an object as JSON, or rejects it, and never as "[object Object]"', async () => {
    for (const { label, withValue } of parameters) {
      server.reset();
      const { error } = await run(withValue('={{ { a: [1] } }}'));
      const sent = server.requests.map(({ raw }) => raw.toString()).join('\n');
      expect(sent, label).not.toContain('[object Object]');
      // If nothing was sent, the error names the field.
      if (error && sent === '') expect(error.message, label).toMatch(/\w/);
      expect(error?.message ?? '', label).not.toMatch(/\[object Object\]|is not a function|Cannot read/);
    }
  });

  test('rejects or sends an invalid number, switch or choice, and never drops it silently', async () => {
    for (const { label, type, withValue } of parameters) {
      if (!['number', 'boolean', 'options'].includes(type)) continue;
      server.reset();
      const { error } = await run(withValue('={{ "nonsense" }}'));
      const sent = server.requests.map(({ raw }) => raw.toString()).join('\n');
      const isSeen = error?.message.includes(label) || sent.includes('"nonsense"');
      expect(isSeen, `${label}: ${error?.message}`).toBe(true);
    }
  });
});

describe('an item on the error branch has the fields a Switch needs', () => {
  test.each(operations.map((parameters) => ({ name: nameOf(parameters), parameters })))(
    '$name',
    async ({ parameters }) => {
      server.always.on('*', faults.unauthorized());
      const { outputs, status } = await run(parameters, { onError: 'continueErrorOutput' });
      expect(status).toBe('success');
      expect(outputs[0]).toEqual([]);
      const [{ json, pairedItem }] = outputs[1]! as [(typeof outputs)[0][0]];
      expect(pairedItem).toEqual({ item: 0 });
      const model = parameters['model'] as { value: string } | undefined;
      expect(json).toEqual({
        error: expect.stringMatching(/^unauthorized/),
        code: 'unauthorized',
        status: 401,
        hint: expect.stringMatching(/Check Authentication in the credential/),
        ...(model && { model: model.value }),
        itemIndex: 0,
      });
    },
  );
});
