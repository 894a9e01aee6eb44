import { acpAgent } from './acp-agent.ts';
import type { HostUnderTest } from './agent.ts';
import { claudeCodeAgent } from './claude-code-agent.ts';
import { codexAgent } from './codex-agent.ts';
import { continueAgent } from './continue-agent.ts';
import { pythonAgent } from './python-agent.ts';

/** Every host uses the scripted model, and sends nothing to the network. The MCP server is configured elsewhere. */
export const hostsUnderTest: readonly HostUnderTest[] = [
  {
    title: 'Claude Code',
    config: 'claude-code',
    from: 'npm',
    file: '.claude/settings.json',
    settings: () => ({}),
    env: (url) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: 'key',
      ANTHROPIC_MODEL: 'claude-opus-4-8',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
    }),
    start: claudeCodeAgent,
    revision: '2026-07-28',
    sees: 'structure',
    cancels: 'call',
  },
  {
    title: 'Codex',
    config: 'codex',
    from: 'npm',
    file: '.codex/config.toml',
    settings: (url) => `model = "scripted"
model_provider = "local"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.local]
name = "local"
base_url = "${url}/v1"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
`,
    start: codexAgent,
    revision: '2025-06-18',
    sees: 'structure',
    cancels: 'call',
  },
  {
    title: 'Gemini CLI',
    config: 'gemini-cli',
    from: 'npm',
    file: '.gemini/settings.json',
    settings: () => ({
      security: { auth: { selectedType: 'gemini-api-key' } },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false },
    }),
    env: (url) => ({ GEMINI_API_KEY: 'key', GOOGLE_GEMINI_BASE_URL: url, GEMINI_MODEL: 'gemini-2.5-pro' }),
    start: acpAgent('gemini', '--acp', '--yolo', '--skip-trust'),
    revision: '2025-06-18',
    sees: 'text',
    cancels: 'nothing',
  },
  {
    title: 'Qwen Code',
    config: 'qwen-code',
    from: 'npm',
    file: '.qwen/settings.json',
    settings: () => ({
      security: { auth: { selectedType: 'openai' } },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false },
      memory: { enableManagedAutoMemory: false, enableManagedAutoDream: false },
      ui: { enableFollowupSuggestions: false },
    }),
    env: (url) => ({ OPENAI_API_KEY: 'key', OPENAI_BASE_URL: `${url}/v1`, OPENAI_MODEL: 'scripted' }),
    start: acpAgent('qwen', '--acp', '--yolo'),
    revision: '2025-11-25',
    sees: 'both',
    losesTools: true,
    cancels: 'call',
  },
  {
    title: 'opencode',
    config: 'opencode',
    from: 'npm',
    file: '.config/opencode/opencode.json',
    settings: (url) => ({
      autoupdate: false,
      share: 'disabled',
      model: 'local/scripted',
      small_model: 'local/scripted',
      provider: {
        local: {
          npm: '@ai-sdk/openai-compatible',
          options: { baseURL: `${url}/v1`, apiKey: 'key' },
          models: { scripted: { name: 'scripted', tool_call: true } },
        },
      },
    }),
    env: () => ({
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    }),
    start: acpAgent('opencode', 'acp'),
    revision: '2025-11-25',
    sees: 'text',
    cancels: 'call',
  },
  {
    title: 'Cline CLI',
    config: 'cline',
    from: 'npm',
    file: '.cline/data/settings/cline_mcp_settings.json',
    settings: () => ({}),
    env: () => ({ CLINE_TELEMETRY_DISABLED: '1' }),
    async start(options) {
      // In this mode it can only sign in to its own provider, and a file redirects that to the model.
      const settings = { provider: 'cline', apiKey: 'key', model: 'scripted', baseUrl: `${options.modelUrl}/v1` };
      await options.home.write('.cline/data/settings/providers.json', {
        version: 1,
        lastUsedProvider: 'cline',
        providers: { cline: { settings, updatedAt: '2026-01-01T00:00:00.000Z', tokenSource: 'manual' } },
      });
      return acpAgent('cline', '--acp')(options);
    },
    revision: '2024-11-05',
    sees: 'text',
    cancels: 'nothing',
  },
  {
    title: "Continue's CLI",
    config: 'continue',
    from: 'npm',
    file: '.continue/config.yaml',
    settings: (url) => `name: Local
version: 1.0.0
schema: v1
models:
  - name: scripted
    provider: openai
    model: scripted
    apiBase: ${url}/v1
    apiKey: key
    capabilities: [tool_use]
`,
    env: () => ({ CONTINUE_CLI_ENABLE_TELEMETRY: '0', CONTINUE_TELEMETRY_ENABLED: '0' }),
    start: continueAgent,
    revision: '2025-11-25',
    sees: 'text',
    hidesResults: true,
    cancels: 'host',
  },
  {
    title: 'fast-agent',
    config: 'fast-agent',
    from: 'fast-agent',
    file: 'project/fastagent.config.yaml',
    settings: (url) => `default_model: generic.scripted
generic:
  api_key: key
  base_url: ${url}/v1
logger:
  type: none
`,
    start: acpAgent('fast-agent', 'serve', '--transport', 'acp', '--servers', 'ollama', '--model', 'generic.scripted'),
    revision: '2026-07-28',
    sees: 'structure',
    cancels: 'call',
  },
  {
    title: "LangChain's adapters",
    config: 'claude-desktop',
    from: 'libraries',
    file: 'mcp.json',
    settings: () => ({}),
    start: pythonAgent('langchain_agent.py'),
    revision: '2025-11-25',
    sees: 'text',
    cancels: 'nothing',
  },
  {
    title: 'OpenAI Agents SDK',
    config: 'claude-desktop',
    from: 'libraries',
    file: 'mcp.json',
    settings: () => ({}),
    start: pythonAgent('openai_agents.py'),
    revision: '2025-11-25',
    sees: 'text',
    cancels: 'nothing',
  },
  {
    title: 'mcp-use',
    config: 'claude-desktop',
    from: 'libraries',
    file: 'mcp.json',
    settings: () => ({}),
    env: () => ({ MCP_USE_ANONYMIZED_TELEMETRY: 'false' }),
    start: pythonAgent('mcp_use_agent.py'),
    revision: '2025-11-25',
    sees: 'text',
    hidesResults: true,
    cancels: 'nothing',
  },
];
