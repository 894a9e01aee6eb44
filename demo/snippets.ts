import { hostConfig, hosts } from '../packages/mcp-server/src/host-configs.ts';
import { faint, line } from './print.ts';

/** What to paste into each agent host. `host` is left out where it is the default or ends with the demo. */
export function printSnippets(host: string | undefined): void {
  const env = host === undefined || host === '127.0.0.1:11434' ? {} : { OLLAMA_HOST: host };
  for (const name of hosts) {
    const { title, place, text } = hostConfig(name, {
      command: 'npx',
      args: ['-y', '@ollama-toolbelt/mcp-server'],
      env,
    });
    line(`${title} ${faint(`(${place})`)}`);
    line(`${text}\n`);
  }
}
