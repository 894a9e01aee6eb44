import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DefaultTheme, defineConfig } from 'vitepress';
import { linksOfSite, slugOf, textAsItIs } from './links.ts';
import { repositoryUrl, siteBase } from './repository.ts';

const docs = join(import.meta.dirname, '..');

/** The API pages from TypeDoc. If it has not run, the site has none. */
function apiPages(): DefaultTheme.SidebarItem[] {
  const file = join(docs, 'api/typedoc-sidebar.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DefaultTheme.SidebarItem[]) : [];
}

const guides: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [
      { text: 'Agent hosts (MCP server)', link: '/packages/mcp-server' },
      { text: 'n8n nodes', link: '/packages/n8n-nodes' },
      { text: 'TypeScript client', link: '/packages/core' },
      { text: 'Examples', link: '/packages/examples' },
    ],
  },
  {
    text: 'Guides',
    items: [
      { text: 'Overview', link: '/guides/' },
      { text: 'Recipes', link: '/guides/recipes' },
      { text: 'Troubleshooting', link: '/guides/troubleshooting' },
      { text: 'Questions and answers', link: '/guides/faq' },
      { text: 'Docker', link: '/guides/docker' },
      { text: 'Behind a proxy', link: '/guides/behind-a-proxy' },
      { text: 'Ollama Cloud', link: '/guides/ollama-cloud' },
      { text: 'Gemini and OpenAI hosts', link: '/guides/gemini-and-openai' },
      { text: 'CommonJS', link: '/guides/commonjs' },
    ],
  },
  {
    text: 'Migrating',
    items: [
      { text: 'From ollama-js', link: '/guides/from-ollama-js' },
      { text: 'From LangChain', link: '/guides/from-langchain' },
      { text: 'From ollama-mcp', link: '/guides/from-ollama-mcp' },
      { text: "From n8n's Ollama nodes", link: '/guides/from-n8n-ollama-nodes' },
    ],
  },
  {
    text: 'Scaling',
    items: [
      { text: 'Overview', link: '/scaling/' },
      { text: 'What to expect', link: '/scaling/what-to-expect' },
      { text: 'Ollama behind nginx', link: '/scaling/ollama-behind-nginx' },
      { text: 'MCP behind nginx', link: '/scaling/mcp-behind-nginx' },
      { text: 'n8n in queue mode', link: '/n8n-queue-mode' },
      { text: 'Docker Compose', link: '/scaling/docker-compose' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'MCP tools', link: '/reference/mcp-tools' },
      { text: 'MCP server settings', link: '/reference/mcp-settings' },
      { text: 'Tested agent hosts', link: '/mcp-hosts' },
      { text: 'n8n operations', link: '/reference/n8n-operations' },
      { text: 'n8n in pictures', link: '/n8n' },
      { text: 'Model options', link: '/reference/model-options' },
      { text: 'Errors', link: '/errors' },
      { text: 'API of the client', link: '/api/' },
    ],
  },
];

export default defineConfig({
  title: 'Ollama Toolbelt',
  description: 'Use local models from your editor, your workflows and your code',
  base: siteBase,
  lang: 'en-US',
  cleanUrls: true,
  lastUpdated: false,
  // For contributors, who read these on GitHub next to the code.
  srcExclude: ['architecture.md', 'contributing/**', 'decisions/**'],
  markdown: {
    anchor: { slugify: slugOf },
    config: (md) => void md.use(linksOfSite).use(textAsItIs),
  },
  head: [['link', { rel: 'icon', href: `${siteBase}logo.svg` }]],
  themeConfig: {
    logo: { light: '/logo.svg', dark: '/logo.dark.svg' },
    search: { provider: 'local' },
    nav: [
      { text: 'MCP server', link: '/packages/mcp-server' },
      { text: 'n8n', link: '/packages/n8n-nodes' },
      { text: 'TypeScript', link: '/packages/core' },
      { text: 'Guides', link: '/guides/' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: { '/api/': [{ text: 'API of the client', items: apiPages() }], '/': guides },
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: repositoryUrl }],
    footer: { message: 'MIT license. Not affiliated with Ollama or n8n.' },
  },
});
