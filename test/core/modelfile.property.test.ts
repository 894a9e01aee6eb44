import { formatModelfile, type ModelfileCommand, OllamaError, parseModelfile } from '@ollama-toolbelt/core/neutral';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const plain = ['from', 'adapter', 'draft', 'template', 'system', 'license', 'renderer', 'parser', 'requires'] as const;
const roles = ['system', 'user', 'assistant'] as const;

/** Texts made of the characters that trip up a grammar of quotes and lines, and of any others. */
const value = fc.oneof(
  fc.string({
    unit: fc.constantFrom('"', '"""', '\n', '\r', ' ', '\t', 'a', '#', 'FROM x', 'é', '🦙', '\u00a0', '\0'),
  }),
  fc.string({ unit: 'binary' }),
  fc.string(),
);

const command: fc.Arbitrary<ModelfileCommand> = fc.oneof(
  fc.record({ name: fc.constantFrom(...plain), value }),
  fc.record({
    name: fc.constant('parameter' as const),
    parameter: fc.oneof(fc.constantFrom('top_k', 'stop', 'model', 'message', ''), fc.string()),
    value,
  }),
  fc.record({ name: fc.constant('message' as const), role: fc.constantFrom(...roles), value }),
);

/** The content of a command, without its position. */
const withoutLines = (commands: readonly ModelfileCommand[]) =>
  commands.map(({ line: _, dropped: __, ...rest }) => rest);

test('any written Modelfile is read back as the same commands', () => {
  let written = 0;
  fc.assert(
    fc.property(fc.array(command, { maxLength: 4 }), (others) => {
      const commands: ModelfileCommand[] = [{ name: 'from', value: 'base' }, ...others];
      let text: string;
      try {
        text = formatModelfile({ commands });
      } catch (error) {
        expect(error).toBeInstanceOf(OllamaError);
        expect(error).toMatchObject({ code: 'bad_modelfile' });
        return;
      }
      written++;
      expect(withoutLines(parseModelfile(text).commands)).toEqual(withoutLines(commands));
    }),
    { numRuns: 2_000 },
  );
  expect(written).toBeGreaterThan(200);
});

test('a parsed Modelfile can be written, and parsing it again changes nothing', () => {
  const lines = fc.array(
    fc.tuple(
      fc.constantFrom('FROM ', 'SYSTEM ', 'PARAMETER stop ', 'MESSAGE user ', 'license\t', '# ', ' ', ''),
      value,
      fc.constantFrom('\n', '\r\n', '\r', ''),
    ),
  );
  let read = 0;
  fc.assert(
    fc.property(lines, (parts) => {
      const text = `FROM base\n${parts.flat().join('')}`;
      let commands: ModelfileCommand[];
      try {
        commands = parseModelfile(text).commands;
      } catch (error) {
        expect(error).toBeInstanceOf(OllamaError);
        expect(error).toMatchObject({ code: 'bad_modelfile' });
        return;
      }
      read++;
      expect(withoutLines(parseModelfile(formatModelfile({ commands })).commands)).toEqual(withoutLines(commands));
    }),
    { numRuns: 2_000 },
  );
  expect(read).toBeGreaterThan(200);
});

test('a text that is nothing like a Modelfile is rejected', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      try {
        expect(parseModelfile(text).commands.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad_modelfile' });
      }
    }),
  );
});
