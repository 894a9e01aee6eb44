import type { AgentHost } from './agent-hosts.ts';
import { hostConfig } from './host-configs.ts';
import type { SettingsForHost } from './settings-for-host.ts';
import type { Terminal } from './terminal.ts';

/** `--print-config`: prints the lines on stdout, and what to do with them on stderr. */
export function printConfig(host: AgentHost, settings: SettingsForHost, terminal: Terminal): void {
  const { flags, env, secrets } = settings;
  const { text, place, language, install, note } = hostConfig(host, { flags, env, platform: process.platform });
  terminal.print(`${text}\n`);
  if (install !== undefined) terminal.say(`first run: ${install}`);
  terminal.say(language === 'sh' ? 'run this in a terminal' : `this goes into ${place}`);
  if (note !== undefined) terminal.say(note);
  for (const name of secrets)
    terminal.say(`${name} is left out: give it to the host yourself, preferably where it stores secrets`);
}
