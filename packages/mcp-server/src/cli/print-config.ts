import { type AgentHost, type HostConfig, hostConfig, type Launch } from './host-configs.ts';

const PACKAGE = '@ollama-toolbelt/mcp-server';

/** How a host starts the published package. On Windows `npx` is a script, which a host can only run through `cmd`. */
export function launchByNpx(platform: NodeJS.Platform, flags: readonly string[] = []): Launch {
  const args = ['-y', PACKAGE, ...flags];
  return platform === 'win32' ? { command: 'cmd', args: ['/c', 'npx', ...args] } : { command: 'npx', args };
}

/** What `--print-config` prints. */
export const configFor = (host: AgentHost, platform: NodeJS.Platform, flags: readonly string[]): HostConfig =>
  hostConfig(host, launchByNpx(platform, flags), platform === 'win32' ? 'windows' : 'posix');
