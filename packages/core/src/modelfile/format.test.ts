import { describe, expect, test } from 'vitest';
import { formatModelfile } from './format.ts';
import type { ModelfileCommand } from './modelfile.ts';
import { parseModelfile } from './parse.ts';

const from: ModelfileCommand = { name: 'from', value: 'm' };

const withoutLines = (commands: readonly ModelfileCommand[]) =>
  commands.map(({ line: _, ...command }) => command as ModelfileCommand);

test('writes what a person would write', () => {
  const text = formatModelfile({
    commands: [
      { name: 'from', value: 'llama3.2:1b', line: 7 },
      { name: 'parameter', parameter: 'stop', value: ' x' },
      { name: 'system', value: 'two\nlines' },
      { name: 'message', role: 'user', value: 'Say "hi".' },
      { name: 'license', value: '' },
    ],
  });
  expect(text).toBe(
    'FROM llama3.2:1b\nPARAMETER stop " x"\nSYSTEM """two\nlines"""\nMESSAGE user Say "hi".\nLICENSE ""\n',
  );
});

describe('what it writes can be read back', () => {
  test.each([
    '"',
    '""',
    '"""',
    '"a"',
    '"a',
    'a"',
    'a"\nb',
    '\n',
    ' ',
    '\t',
    'a\r\nb',
    '# a',
    '""\n"',
    '"""a\nb',
    'a """\tb\nc',
    '\'\'"\'""\'""\'',
  ])('%j', (value) => {
    const commands: ModelfileCommand[] = [from, { name: 'system', value }, { name: 'parser', value: 'p' }];
    expect(withoutLines(parseModelfile(formatModelfile({ commands })).commands)).toEqual(commands);
  });
});

describe('rejects what cannot be written', () => {
  test.each<[string, ModelfileCommand]>([
    ['quotes that close too early', { name: 'system', value: 'a"""\nb' }],
    ['a character that would be dropped', { name: 'system', value: 'a\u00a0b' }],
    ['a parameter that is not a name', { name: 'parameter', parameter: 'top-k', value: '1' }],
    ['a parameter that is a command', { name: 'parameter', parameter: 'system', value: 'x' }],
    ['an invalid role', { name: 'message', role: 'tool' as 'user', value: 'x' }],
    ['an invalid command', { name: 'include' as 'from', value: 'x' }],
  ])('%s', (_, command) => {
    expect(() => formatModelfile({ commands: [from, command] })).toThrow(
      expect.objectContaining({ code: 'bad_modelfile' }),
    );
  });

  test('a Modelfile without FROM', () => {
    expect(() => formatModelfile({ commands: [{ name: 'system', value: 'x' }] })).toThrow('no FROM line');
  });
});
