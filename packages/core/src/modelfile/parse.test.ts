import { describe, expect, test } from 'vitest';
import { OllamaError } from '../errors/errors.ts';
import { parseModelfile } from './parse.ts';

/** The commands without their lines, as `name value`; a parameter or role comes after the name. */
function read(text: string | Uint8Array): string[][] {
  return parseModelfile(text).commands.map((command) =>
    command.name === 'parameter'
      ? ['parameter', command.parameter, command.value]
      : command.name === 'message'
        ? ['message', command.role, command.value]
        : [command.name, command.value],
  );
}

function messageOf(text: string): string {
  try {
    parseModelfile(text);
  } catch (error) {
    expect(error).toBeInstanceOf(OllamaError);
    expect((error as OllamaError).code).toBe('bad_modelfile');
    return (error as OllamaError).message;
  }
  throw new Error('it was read without an error');
}

test('reads every command, with the line where it begins', () => {
  const text = [
    '# a model of our own',
    'FROM llama3.2:1b',
    '',
    '  parameter temperature 0.7',
    '\tAdapter ./lora.gguf',
    'DRAFT ./small.gguf',
    'TEMPLATE """{{ .System }}',
    '{{ .Prompt }}"""   ',
    'SYSTEM You are terse.',
    'LICENSE MIT',
    'RENDERER qwen3',
    'PARSER qwen3',
    'REQUIRES 0.14.0',
    'MESSAGE user Hi: there',
  ].join('\n');
  expect(parseModelfile(text).commands).toEqual([
    { name: 'from', value: 'llama3.2:1b', line: 2 },
    { name: 'parameter', parameter: 'temperature', value: '0.7', line: 4 },
    { name: 'adapter', value: './lora.gguf', line: 5 },
    { name: 'draft', value: './small.gguf', line: 6 },
    { name: 'template', value: '{{ .System }}\n{{ .Prompt }}', line: 7 },
    { name: 'system', value: 'You are terse.', line: 9 },
    { name: 'license', value: 'MIT', line: 10 },
    { name: 'renderer', value: 'qwen3', line: 11 },
    { name: 'parser', value: 'qwen3', line: 12 },
    { name: 'requires', value: '0.14.0', line: 13 },
    { name: 'message', role: 'user', value: 'Hi: there', line: 14 },
  ]);
});

describe('a value', () => {
  test.each([
    ['surrounding white space is removed', ' \t FOOO BAR  \t', 'FOOO BAR'],
    ['quotes keep white space', '"  FOO  BAR  "', '  FOO  BAR  '],
    ['triple quotes keep it too', '"""  x """', '  x '],
    ['may be empty', '', ''],
    ['may be empty in quotes', '""', ''],
    ['may be empty in triple quotes', '""""""', ''],
    ['single quotes are text', "'x'", "'x'"],
    ['a number sign inside is text', 'a # b', 'a # b'],
    ['continues over lines in quotes', '"a\n\nb"', 'a\n\nb'],
    ['keeps the new lines at both ends', '"""\na\n"""', '\na\n'],
    ['keeps quotes within triple quotes', '"""say "hi"\nnow"""', 'say "hi"\nnow'],
    ['keeps quotes at the ends of triple quotes', '""""x""""', '"x"'],
    ['has no escapes', '"a\\nb\\"', 'a\\nb\\'],
    ['closes at the last quote of the line', '"a" b "c"', 'a" b "c'],
    ['drops what cannot be printed', 'a\u0000b\u00a0c\u200bd\ufeffe', 'abcde'],
    ['keeps tabs inside', 'a\tb', 'a\tb'],
    ['keeps characters beyond 16 bits', '🦙 é 漢', '🦙 é 漢'],
    ['keeps a carriage return inside quotes', '"a\r\nb"', 'a\r\nb'],
  ])('%s', (_, written, value) => {
    expect(read(`FROM m\nSYSTEM ${written}\nPARSER p`)).toEqual([
      ['from', 'm'],
      ['system', value],
      ['parser', 'p'],
    ]);
  });

  test('that begins with quotes continues until a line ends in quotes', () => {
    expect(read('FROM m\nSYSTEM "a" b\nPARSER p\nLICENSE "x"\nREQUIRES 1.0.0')).toEqual([
      ['from', 'm'],
      ['system', 'a" b\nPARSER p\nLICENSE "x'],
      ['requires', '1.0.0'],
    ]);
  });

  test('may have thousands of lines', () => {
    const text = 'a line of a license, "quoted"\n'.repeat(5_000);
    expect(read(`FROM m\nLICENSE """${text}"""`)[1]).toEqual(['license', text]);
  });
});

describe('PARAMETER and MESSAGE', () => {
  test('a value of several words, quoted or not', () => {
    expect(read('FROM m\nPARAMETER stop ### User: \nPARAMETER stop "### User: "')).toEqual([
      ['from', 'm'],
      ['parameter', 'stop', '### User:'],
      ['parameter', 'stop', '### User: '],
    ]);
  });

  test('the name keeps its case', () => {
    expect(read('FROM m\nPARAMETER Top_K2 40')[1]).toEqual(['parameter', 'Top_K2', '40']);
  });

  test('a second space ends the name before it begins', () => {
    expect(read('FROM m\nPARAMETER  top_k 40')[1]).toEqual(['parameter', '', 'top_k 40']);
  });

  test('a parameter with the name of a command is that command', () => {
    expect(read('PARAMETER model m\nPARAMETER system s\nPARAMETER message user: hi\nPARAMETER from f')).toEqual([
      ['from', 'm'],
      ['system', 's'],
      ['message', 'user', 'hi'],
      ['parameter', 'from', 'f'],
    ]);
  });

  test('a message over several lines', () => {
    expect(read('FROM m\nMESSAGE assistant """\nHello\n"""\n\t\t')[1]).toEqual(['message', 'assistant', '\nHello\n']);
  });

  test('a role is written in lower case', () => {
    const words = 'message role must be one of "system", "user", or "assistant"';
    expect(messageOf('FROM m\nMESSAGE User hi')).toBe(`Modelfile (line 2): ${words}`);
    expect(messageOf('FROM m\nMESSAGE  user hi')).toBe(`Modelfile (line 2): ${words}`);
    expect(messageOf('FROM m\nPARAMETER message hi')).toBe(`Modelfile (line 2): ${words}`);
  });
});

describe('errors', () => {
  const command =
    'command must be one of "from", "license", "template", "system", "adapter", "draft", "renderer", "parser", "parameter", "message", or "requires"';

  test.each([
    ['an unknown command', 'FROM m\nBADCOMMAND x y', `Modelfile (line 2): ${command}`],
    ['a command without a space, on the line after it', 'FROM m\nSYSTEM\n', `Modelfile (line 3): ${command}`],
    ['a symbol in a command', 'FROM m\nSYS-TEM x', `Modelfile (line 2): ${command}`],
    ['a carriage return and a line feed, which count as two', 'FROM m\r\n\r\nBAD x', `Modelfile (line 5): ${command}`],
    ['no FROM', 'PARAMETER top_k 1', 'Modelfile: no FROM line'],
    ['nothing at all', '', 'Modelfile: no FROM line'],
    ['a command at the end without a value', 'FROM', 'Modelfile (line 1): unexpected EOF: FROM'],
    ['a parameter without a value', 'FROM m\nPARAMETER top_k\n', 'Modelfile (line 2): unexpected EOF: top_k'],
    ['a parameter with a dash', 'FROM m\nPARAMETER top-k 1', 'Modelfile (line 2): unexpected EOF: top'],
    ['a parameter without a name', 'FROM m\nPARAMETER ', 'Modelfile (line 2): unexpected EOF'],
    ['a message without a text', 'FROM m\nMESSAGE system\n', 'Modelfile (line 2): unexpected EOF: system'],
    ['a message without a text at the end', 'FROM m\nMESSAGE system', 'Modelfile (line 2): unexpected EOF: system'],
    ['open quotes', 'FROM m\nSYSTEM "a\nb\n', 'Modelfile (line 2): unexpected EOF'],
    ['triple quotes closed by two', 'FROM m\nSYSTEM """a""\n', 'Modelfile (line 2): unexpected EOF'],
    ['a lone quote', 'FROM m\nSYSTEM "\n\t', 'Modelfile (line 2): unexpected EOF'],
  ])('%s', (_, text, message) => {
    expect(messageOf(text)).toBe(message);
  });
});

test('a comment may appear wherever a command may begin', () => {
  expect(read(' # FROM a\rFROM b\n#\n# "')).toEqual([['from', 'b']]);
});

describe('bytes', () => {
  const text = 'FROM bob\nSYSTEM Grüße 🦙';
  const expected = [
    ['from', 'bob'],
    ['system', 'Grüße 🦙'],
  ];

  test('are UTF-8, with or without a byte order mark', () => {
    expect(read(new TextEncoder().encode(text))).toEqual(expected);
    expect(read(new TextEncoder().encode(`\ufeff${text}`))).toEqual(expected);
    expect(read(`\ufeff${text}`)).toEqual(expected);
  });

  test('are UTF-16 in either byte order, with a byte order mark', () => {
    const little = Buffer.from(`\ufeff${text}`, 'utf16le');
    expect(read(little)).toEqual(expected);
    expect(read(Buffer.from(little).swap16())).toEqual(expected);
  });

  test('that are not UTF-8 become replacement characters', () => {
    expect(read(Buffer.from([...Buffer.from('FROM a'), 0xff, ...Buffer.from('b')]))).toEqual([['from', 'a\ufffdb']]);
  });
});

test.each([
  ['UTF-8', new TextEncoder().encode('FROM ä')],
  ['UTF-8 with a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf, ...new TextEncoder().encode('FROM ä'))],
  ['little-endian UTF-16', Uint8Array.of(0xff, 0xfe, ...[...'FROM ä'].flatMap((c) => [c.charCodeAt(0), 0]))],
  ['big-endian UTF-16', Uint8Array.of(0xfe, 0xff, ...[...'FROM ä'].flatMap((c) => [0, c.charCodeAt(0)]))],
])('bytes in %s are read', (_, bytes) => {
  expect(read(bytes)).toEqual([['from', 'ä']]);
});

test.each([
  [0xff, 0x41],
  [0xfe, 0x41],
  [0x41, 0xfe],
  [0x41, 0xff],
])('half a mark does not count: %i %i', (first, second) => {
  const bytes = Uint8Array.of(first, second, ...new TextEncoder().encode('\nFROM a'));
  expect(() => parseModelfile(bytes)).toThrow('Modelfile (line ');
  expect(read(Uint8Array.of(0x23, first, second, ...new TextEncoder().encode('\nFROM a')))).toEqual([['from', 'a']]);
});

test('a byte order mark is not part of the text', () => {
  expect(read('\ufeffFROM a')).toEqual([['from', 'a']]);
  expect(() => parseModelfile('F\ufeffROM a')).toThrow('command must be one of');
});

test.each([
  ['~', '~'],
  [' a b ', 'a b'],
  ['!', '!'],
  ['a\u007fb', 'ab'],
  ['a\u200bb', 'ab'],
  ['ä🦙€', 'ä🦙€'],
])('of the value %j these can be printed: %j', (value, printed) => {
  expect(read(`FROM m\nSYSTEM ${value}`)[1]).toEqual(['system', printed]);
});
