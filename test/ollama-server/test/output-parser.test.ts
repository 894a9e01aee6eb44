import { expect, test } from 'vitest';
import { type OutputDelta, OutputParser, type OutputParserSettings } from '../src/llama/output-parser.ts';

function split(settings: OutputParserSettings, pieces: readonly string[]): OutputDelta[] {
  const parser = new OutputParser(settings);
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
}

const weather = (city: string) => ({ toolCall: { name: 'get_weather', arguments: { city } } });
const call = (city: string) => `<tool_call>\n{"name": "get_weather", "arguments": {"city": "${city}"}}\n</tool_call>`;

test('passes plain text on piece by piece', () => {
  const pieces = ['The', ' sky', ' ', ' is\n', '', ' blue', '.'];
  const deltas = pieces.filter(Boolean).map((content) => ({ content }));
  expect(split({}, pieces)).toEqual(deltas);
  expect(split({ tools: true }, pieces)).toEqual(deltas);
  expect(split({ think: true, tools: true }, pieces)).toEqual(deltas);
});

test('detects thinking that the prompt opened, as Ollama does', () => {
  const pieces = ['\n', 'The', ' user', ' asks', '.\n', '</', 'think', '>\n\n', 'The', ' sky'];
  expect(split({ think: 'open' }, pieces)).toEqual([
    { thinking: 'The' },
    { thinking: ' user' },
    { thinking: ' asks' },
    { thinking: '.\n' },
    { content: 'The' },
    { content: ' sky' },
  ]);
});

test('detects thinking that the model opened', () => {
  expect(split({ think: true }, ['\n<th', 'ink>', '\nwell', '</think>yes'])).toEqual([
    { thinking: 'well' },
    { content: 'yes' },
  ]);
  expect(split({ think: true }, ['<thi'])).toEqual([{ content: '<thi' }]);
});

test('ignores tags if thinking and tools are not requested', () => {
  const text = `<think>a</think>${call('Rome')}`;
  expect(split({}, [text])).toEqual([{ content: text }]);
});

test('detects tool calls, several too, whole and split anywhere', () => {
  const text = `${call('Paris')}\n${call('Rome')}`;
  expect(split({ tools: true }, [text])).toEqual([weather('Paris'), weather('Rome')]);
  expect(split({ tools: true }, [...text])).toEqual([weather('Paris'), weather('Rome')]);
  expect(split({ think: 'open', tools: true }, ['Hm.</think>\n\n', ...text])).toEqual([
    { thinking: 'Hm.' },
    weather('Paris'),
    weather('Rome'),
  ]);
});

test('keeps text around a call', () => {
  expect(split({ tools: true }, ['Let me see. ', call('Rome'), '\nDone', '.'])).toEqual([
    { content: 'Let me see. ' },
    weather('Rome'),
    { content: 'Done' },
    { content: '.' },
  ]);
});

test('accepts a call whose end is missing, and returns text that is not a call', () => {
  expect(split({ tools: true }, [call('Rome').replace('</tool_call>', '')])).toEqual([weather('Rome')]);
  for (const text of ['<tool_call>\n{"name": "x", oops\n</tool_call>', '<tool_call>{"name": "get', '1 <', '<tool']) {
    const deltas = split({ tools: true }, [...text]);
    expect(deltas.map((delta) => ('content' in delta ? delta.content : '')).join('')).toBe(text);
  }
});

test('holds back only what may begin a tag', () => {
  const parser = new OutputParser({ tools: true });
  expect(parser.push('a <')).toEqual([{ content: 'a ' }]);
  expect(parser.push('b')).toEqual([{ content: '<b' }]);
});
