import { expect, test } from 'vitest';
import { ModelsPage, showsPages } from './models-page.ts';

const html = '<script id=offer type="application/json">{}</script>';
const looking = ['ollama_list_models', 'ollama_status', 'ollama_chat', 'ollama_rank'];
const all = [...looking, 'ollama_job', 'ollama_load_model', 'ollama_web_search'];

const pageFor = (offered: readonly string[], isReadOnly = false) =>
  new ModelsPage({ offered, models: {}, isReadOnly }, html);

/** What the page is told. */
function offerOf(page: ModelsPage, tools: readonly string[]): Record<string, unknown> {
  const [content] = page.read('ui://ollama-toolbelt/models-x.html', tools) as [{ text: string }];
  return JSON.parse(content.text.slice(html.indexOf('{'), -'</script>'.length));
}

test('the page is told which of its tools may be called', () => {
  expect(offerOf(pageFor(all), all)).toEqual({
    version: '0.0.0',
    tools: ['list_models', 'status', 'job', 'chat', 'rank', 'load_model'],
    models: {},
  });
});

test.each([
  ['without the toolset', pageFor(looking), looking, /^To manage .* --toolsets inference,models,manage\.$/],
  ['read-only', pageFor(looking, true), looking, /--read-only/],
  ['without the scope to manage', pageFor(all), looking, /ollama:manage/],
  ['without the scope to run', pageFor(all), [...all.slice(0, 2), ...all.slice(4)], /ollama:run/],
  [
    'without models to try',
    pageFor(['ollama_list_models', 'ollama_load_model']),
    ['ollama_list_models', 'ollama_load_model'],
    /^To try .* --toolsets/,
  ],
])('%s it says what to change', (_, page, tools, words) => {
  expect(offerOf(page, tools)['hint']).toMatch(words);
});

test('a default model cannot end the script that holds it', () => {
  const page = new ModelsPage({ offered: all, models: { chat: '</script><b>' }, isReadOnly: false }, html);
  expect(offerOf(page, all)['models']).toEqual({ chat: '</script><b>' });
  expect(JSON.stringify(page.read('ui://ollama-toolbelt/models', all))).not.toContain('</script><b>');
});

test('another page has another address, and every address gives the page of now', () => {
  const page = pageFor(all);
  expect(page.uri(all)).toMatch(/^ui:\/\/ollama-toolbelt\/models-[0-9a-z]+\.html$/);
  expect(page.uri(all)).toBe(pageFor(all).uri(all));
  expect(page.uri(looking)).not.toBe(page.uri(all));
  expect(page.read(page.uri(looking)!, all)).toMatchObject([{ uri: page.uri(looking) }]);
  expect(page.read('ui://ollama-toolbelt/other.html', all)).toBeUndefined();
});

test('without the list of models there is no page', () => {
  const page = pageFor(all);
  expect([page.uri(['ollama_status']), page.list(['ollama_status'])]).toEqual([undefined, []]);
  expect(page.read('ui://ollama-toolbelt/models', ['ollama_status'])).toBeUndefined();
});

const pages = { mimeTypes: ['text/html;profile=mcp-app'] };

test.each([
  [undefined, true],
  [{}, false],
  [{ extensions: {} }, false],
  [{ extensions: { 'io.modelcontextprotocol/ui': {} } }, false],
  [{ extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html+other'] } } }, false],
  [{ extensions: { 'io.modelcontextprotocol/ui': pages } }, true],
])('a client with the capabilities %j shows pages: %j', (capabilities, expected) => {
  expect(showsPages(capabilities)).toBe(expected);
});
