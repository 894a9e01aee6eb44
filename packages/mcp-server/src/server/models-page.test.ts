import { expect, test } from 'vitest';
import { ModelsPage, showsPages } from './models-page.ts';

const html = '<script id=offer type="application/json">{}</script>';
const looking = ['ollama_list_models', 'ollama_status', 'ollama_chat', 'ollama_rank'];
const all = [...looking, 'ollama_job', 'ollama_load_model', 'ollama_web_search'];

const pageFor = (offered: readonly string[], isReadOnly = false) =>
  new ModelsPage({ offered, models: {}, isReadOnly }, html);

/** The settings that the page receives. */
function offerOf(page: ModelsPage, tools: readonly string[]): Record<string, unknown> {
  const [content] = page.read('ui://ollama-toolbelt/models-x.html', tools) as [{ text: string }];
  return JSON.parse(content.text.slice(html.indexOf('{'), -'</script>'.length));
}

test('the page receives the tools that it may call', () => {
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

test('the name of a default model cannot close the script element', () => {
  const page = new ModelsPage({ offered: all, models: { chat: '</script><b>' }, isReadOnly: false }, html);
  expect(offerOf(page, all)['models']).toEqual({ chat: '</script><b>' });
  expect(JSON.stringify(page.read('ui://ollama-toolbelt/models', all))).not.toContain('</script><b>');
});

test('a different page has a different address, and every address returns the current page', () => {
  const page = pageFor(all);
  expect(page.uri(all)).toMatch(/^ui:\/\/ollama-toolbelt\/models-[0-9a-z]+\.html$/);
  expect(page.uri(all)).toBe(pageFor(all).uri(all));
  expect(page.uri(looking)).not.toBe(page.uri(all));
  expect(page.read(page.uri(looking)!, all)).toMatchObject([{ uri: page.uri(looking) }]);
  expect(page.read('ui://ollama-toolbelt/other.html', all)).toBeUndefined();
});

test('there is no page without the tool that lists models', () => {
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
