import { hostConfig } from '../packages/mcp-server/src/cli/host-configs.ts';
import { faint, line } from './print.ts';

const hosts = ['claude-desktop', 'claude-code', 'vscode', 'cursor'] as const;

/** Settings to paste into an agent host. `host` is left out if it is the default or ends with the demo. */
export function printSnippets(host: string | undefined): void {
  const env = host === undefined || host === '127.0.0.1:11434' ? {} : { OLLAMA_HOST: host };
  for (const name of hosts) {
    const { title, place, text } = hostConfig(name, { env, platform: process.platform });
    line(`${title} ${faint(`(${place})`)}`);
    line(`${text}\n`);
  }
  line(faint('Others: npx -y @ollama-toolbelt/mcp-server --print-config zed (or another name; --help lists them)'));
}
