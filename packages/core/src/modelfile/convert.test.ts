import { describe, expect, test } from 'vitest';
import { convertModelfile } from './convert.ts';
import { parseModelfile } from './parse.ts';

const convert = (...lines: string[]) => convertModelfile(parseModelfile(['FROM m', ...lines].join('\n')));
const parameters = (...lines: string[]) => convert(...lines.map((line) => `PARAMETER ${line}`)).fields.parameters;
const refusal = (message: string) => expect.objectContaining({ code: 'bad_modelfile', message });

test('converts every command', () => {
  const { fields, references, notices } = convert(
    'FROM ./a.gguf',
    'ADAPTER ./lora',
    'DRAFT ./small.gguf',
    'TEMPLATE first',
    'TEMPLATE {{ .Prompt }}',
    'SYSTEM Be terse.',
    'LICENSE MIT',
    'LICENSE Apache-2.0',
    'RENDERER r',
    'PARSER p',
    'REQUIRES v0.14.0',
    'MESSAGE user Hi',
    'MESSAGE assistant Ho: ho',
    'PARAMETER num_ctx 4096',
  );
  expect(fields).toEqual({
    template: '{{ .Prompt }}',
    system: 'Be terse.',
    renderer: 'r',
    parser: 'p',
    requires: '0.14.0',
    license: ['MIT', 'Apache-2.0'],
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Ho: ho' },
    ],
    parameters: { num_ctx: 4096 },
  });
  expect(references).toEqual({
    from: [
      { value: 'm', line: 1 },
      { value: './a.gguf', line: 2 },
    ],
    adapter: [{ value: './lora', line: 3 }],
    draft: [{ value: './small.gguf', line: 4 }],
  });
  expect(notices).toEqual([]);
});

test('leaves out empty values', () => {
  expect(convert('SYSTEM ""', 'TEMPLATE ').fields).toEqual({});
});

describe('parameters', () => {
  test('have the type of their option', () => {
    expect(
      parameters('top_k +40', 'seed -1', 'temperature .5', 'top_p 1', 'min_p 5e-2', 'use_mmap T', 'stop 1', 'stop ""'),
    ).toEqual({ top_k: 40, seed: -1, temperature: 0.5, top_p: 1, min_p: 0.05, use_mmap: true, stop: ['1', ''] });
  });

  test('the last one wins', () => {
    expect(parameters('use_mmap true', 'use_mmap 0')).toEqual({ use_mmap: false });
  });

  test.each([
    ['unknown_one 1', "Modelfile (line 2): unknown parameter 'unknown_one'"],
    ['constructor 1', "Modelfile (line 2): unknown parameter 'constructor'"],
    ['TOP_K 1', "Modelfile (line 2): unknown parameter 'TOP_K'"],
    ['top_k 1.5', 'Modelfile (line 2): invalid int value [1.5]'],
    ['top_k', 'Modelfile (line 2): unexpected EOF: top_k'],
    ['top_k ', 'Modelfile (line 2): invalid int value []'],
    ['seed 9007199254740993', 'Modelfile (line 2): invalid int value [9007199254740993]'],
    ['temperature hot', 'Modelfile (line 2): invalid float value [hot]'],
    ['temperature 1e39', 'Modelfile (line 2): invalid float value [1e39]'],
    ['temperature NaN', 'Modelfile (line 2): invalid float value [NaN]'],
    ['use_mmap yes', 'Modelfile (line 2): invalid bool value [yes]'],
  ])('PARAMETER %s is refused', (line, message) => {
    expect(() => parameters(line)).toThrow(refusal(message));
  });

  test('deprecated ones are skipped and reported', () => {
    const { fields, notices } = convert('PARAMETER mirostat 2', 'PARAMETER top_k 1', 'PARAMETER low_vram x');
    expect(fields).toEqual({ parameters: { top_k: 1 } });
    expect(notices.map(({ code }) => code)).toEqual(['parameter_ignored', 'parameter_ignored']);
    expect(notices[0]?.message).toContain('mirostat (line 2 of the Modelfile)');
  });
});

describe('REQUIRES', () => {
  test.each(['0.14.0', 'v1', '1.2', '1.2.3-rc.1+build.7', '1.0.0-0a'])('%s is a version', (text) => {
    expect(convert(`REQUIRES ${text}`).fields.requires).toBe(text.replace('v', ''));
  });

  test.each(['', 'latest', 'vv1', '01.2.3', '1.2.3.4', '1.2-rc1', '1.0.0-01', '1.0.0-'])(
    '%j is not a version',
    (text) => {
      expect(() => convert(`REQUIRES ${text}`)).toThrow(
        refusal('Modelfile (line 2): requires must be a valid semver (e.g. 0.14.0)'),
      );
    },
  );
});

test('a Modelfile with only FROM has no fields', () => {
  expect(convert().fields).toEqual({});
  expect(convert('SYSTEM ""').fields).toEqual({});
});

test('commands made in code have no lines, and notices name none', () => {
  const commands = [
    { name: 'from', value: 'm' },
    { name: 'parameter', parameter: 'penalize_newline', value: 'true' },
    { name: 'system', value: 'x', dropped: 2 },
  ] as never;
  const { notices } = convertModelfile({ commands });
  expect(notices).toEqual([
    {
      code: 'parameter_ignored',
      option: 'penalize_newline',
      message: expect.stringMatching(/^The parameter penalize_newline is deprecated: /),
    },
    {
      code: 'characters_dropped',
      command: 'SYSTEM',
      characters: 2,
      message: expect.stringMatching(/^SYSTEM has 2 invisible characters, /),
    },
  ]);
});

test('a notice names the line of its command', () => {
  expect(convert('PARAMETER penalize_newline true', 'SYSTEM a\u200bb').notices).toMatchObject([
    { code: 'parameter_ignored', line: 2, message: expect.stringContaining(' (line 2 of the Modelfile) ') },
    { code: 'characters_dropped', line: 3, characters: 1, message: expect.stringContaining('SYSTEM (line 3 of ') },
  ]);
});

test.each([
  ['seed', '+5', 5],
  ['seed', '-0', 0],
  ['seed', '00012', 12],
  ['temperature', '1.', 1],
  ['temperature', '.5', 0.5],
  ['temperature', '12.25', 12.25],
  ['temperature', '-1e2', -100],
  ['temperature', '1E+02', 100],
])('the parameter %s %s is %s', (name, text, value) => {
  expect(Object.is((parameters(`${name} ${text}`) as Record<string, unknown>)[name], value)).toBe(true);
});

test.each([
  ['seed', 'x5'],
  ['seed', '5x'],
  ['seed', '1.5'],
  ['seed', '9007199254740993'],
  ['temperature', 'x1'],
  ['temperature', '1x'],
  ['temperature', '.'],
  ['temperature', '1e'],
  ['temperature', '1.x'],
  ['temperature', '1e39'],
  ['temperature', '=1'],
])('the parameter %s cannot be %s', (name, text) => {
  expect(() => parameters(`${name} ${text}`)).toThrow(
    expect.objectContaining({ code: 'bad_modelfile', message: expect.stringMatching(/invalid (int|float) value/) }),
  );
});

test('only the v before a version is removed', () => {
  expect(convert('REQUIRES 1.0.0-v1').fields.requires).toBe('1.0.0-v1');
  expect(() => convert('REQUIRES vv1')).toThrow('requires must be a valid semver');
});
