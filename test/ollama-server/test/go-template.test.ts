import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseTemplate } from '../src/llama/go-template.ts';

const models = join(import.meta.dirname, '../models');
const pocket = parseTemplate(readFileSync(join(models, 'template.gotmpl'), 'utf8'));
const thinking = parseTemplate(readFileSync(join(models, 'template-thinking.gotmpl'), 'utf8'));

const render = (template: string, data: Record<string, unknown> = {}) => parseTemplate(template).render(data);

const weather = {
  type: 'function',
  function: {
    description: 'Get the weather in a given city',
    name: 'get_weather',
    parameters: {
      properties: { city: { description: 'The <city> & more', type: 'string', minLength: 1 } },
      required: ['city'],
      type: 'object',
    },
  },
};

test('renders the prompt of the pocket models', () => {
  const messages = [{ Role: 'user', Content: 'Hi' }];
  expect(pocket.render({ System: '', Messages: messages })).toBe(
    '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
  );
  expect(thinking.render({ System: 'Be brief.', Messages: messages, Think: true, IsThinkSet: true })).toBe(
    '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n',
  );
  expect([...thinking.fields]).toEqual(expect.arrayContaining(['Tools', 'Thinking', 'Function', 'IsThinkSet']));
  expect(pocket.fields.has('Thinking')).toBe(false);
});

test('prints tools and arguments as Ollama does: known fields in their order, JSON as Go writes it', () => {
  const prompt = pocket.render({
    Tools: [weather],
    Messages: [
      {
        Role: 'assistant',
        Content: '',
        ToolCalls: [{ Function: { Name: 'get_weather', Arguments: { city: 'Rome' } } }],
      },
      { Role: 'tool', Content: '11 degrees' },
    ],
    System: '',
  });
  expect(prompt).toContain(
    String.raw`<tools>
{"type":"function","function":{"name":"get_weather","description":"Get the weather in a given city","parameters":{"type":"object","required":["city"],"properties":{"city":{"type":"string","description":"The \u003ccity\u003e \u0026 more"}}}}}
</tools><|im_end|>`,
  );
  expect(prompt).toContain(
    '<tool_call>\n{"name": "get_weather", "arguments": {"city":"Rome"}}\n</tool_call><|im_end|>',
  );
  expect(prompt).toContain('<|im_start|>user\n<tool_response>\n11 degrees\n</tool_response><|im_end|>\n');
});

test.each([
  ['a {{- /* no word */ -}} b', 'ab'],
  ['a\n{{ "x" -}}\n  b', 'a\nxb'],
  ['{{ if .No }}1{{ else if eq .Name "Ada" }}2{{ else }}3{{ end }}', '2'],
  ['{{ range .List }}{{ . }},{{ else }}none{{ end }}', '1,2,3,'],
  ['{{ range .None }}{{ . }}{{ else }}none{{ end }}', 'none'],
  ['{{ range $i, $v := .List }}{{ $i }}={{ $v }};{{ end }}', '0=1;1=2;2=3;'],
  [
    '{{ range $i, $_ := .List }}{{ $last := eq (len (slice $.List $i)) 1 }}{{ if $last }}last{{ end }}{{ end }}',
    'last',
  ],
  ['{{ range .List }}{{ if eq . 2 }}{{ continue }}{{ end }}{{ . }}{{ end }}', '13'],
  ['{{ range .List }}{{ if eq . 2 }}{{ break }}{{ end }}{{ . }}{{ end }}', '1'],
  ['{{ with .Map.inner }}{{ .deep }}{{ $.Name }}{{ end }}', 'downAda'],
  ['{{ $n := 0 }}{{ range .List }}{{ $n = . }}{{ end }}{{ $n }}', '3'],
  ['{{ $n := 1 }}{{ if true }}{{ $n := 2 }}{{ end }}{{ $n }}', '1'],
  ['{{ if and .Name (not .No) (or .No .List) }}yes{{ end }}', 'yes'],
  ['{{ .Map | json }} {{ json .Name }}', '{"inner":{"deep":"down"}} "Ada"'],
  ['{{ index .List 1 }}{{ index .Map "inner" "deep" }}{{ len .Name }}', '2down3'],
  ['{{ (index .List 0) }}{{ if lt 1 2 }}{{ if gt 2 1 }}{{ if ne "a" "b" }}!{{ end }}{{ end }}{{ end }}', '1!'],
  ['{{ printf "%s-%d" .Name 7 }}{{ `raw "text"` }}{{ "\\n" }}', 'Ada-7raw "text"\n'],
  ['{{ eq .Name "Bob" "Ada" }} {{ .Missing }}', 'true <no value>'],
])('renders %j', (template, text) => {
  const data = { Name: 'Ada', No: '', None: [], List: [1, 2, 3], Map: { inner: { deep: 'down' } } };
  expect(render(template, data)).toBe(text);
});

test.each([
  ['{{ .Nope', 'template: :1: unclosed action'],
  ['\n{{ if .X }}', 'template: :2: unexpected EOF'],
  ['{{ end }}', 'template: :1: unexpected {{end}}'],
  ['{{ if .X }}{{ else }}{{ else }}{{ end }}', 'template: :1: expected end; found {{else}}'],
  ['{{ nope }}', 'template: :1: function "nope" not defined'],
  ['{{ $x }}', 'template: :1: undefined variable "$x"'],
  ['{{ if }}{{ end }}', 'template: :1: missing value for if'],
  ['{{ (eq 1 2 }}', 'template: :1: unclosed left paren'],
  ['{{ "a }}', 'template: :1: unterminated quoted string'],
  ['{{ break }}', 'template: :1: {{break}} outside {{range}}'],
])('refuses %j', (template, message) => {
  expect(() => parseTemplate(template)).toThrow(expect.objectContaining({ name: 'GoTemplateError', message }));
});

test('reports an error while rendering', () => {
  expect(() => render('\n{{ .A.B }}', { A: 'text' })).toThrow("template: :2: can't evaluate field B");
  expect(() => render('{{ index .L 4 }}', { L: [] })).toThrow('error calling index: index out of range: 4');
});
