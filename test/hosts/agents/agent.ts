import type { AgentHost } from '../../../packages/mcp-server/src/cli/agent-hosts.ts';
import type { Source } from '../hosts-setup.ts';
import type { HostHome } from '../machine/host-home.ts';

/** A host that runs, with a conversation of its own. It ends with the scope. */
export interface Agent extends AsyncDisposable {
  /** Says something, and waits until the host has done what its model wants. */
  say(prompt: string): Promise<void>;
  /** What a person does who does not want to wait any longer. */
  cancel(): Promise<void>;
  /** Everything it has shown so far, as it tells it to editors. */
  shown(): string;
}

export interface StartOptions {
  home: HostHome;
  env: Record<string, string>;
  modelUrl: string;
}

/** One host under test. */
export interface HostUnderTest {
  title: string;
  /** What `--print-config` calls it. */
  config: AgentHost;
  from: Source;
  /** Its file of settings in the home folder, and what points it at the scripted model. */
  file: string;
  settings: (modelUrl: string) => object | string;
  env?: (modelUrl: string) => Record<string, string>;
  start: (options: StartOptions) => Promise<Agent>;
  /** The revision of MCP that it asks for first. */
  revision: string;
  /** What its model gets to see of an answer that is both text and structure. */
  sees: 'text' | 'structure' | 'both';
  /** It shows people what its model says, and not what tools gave. */
  hidesResults?: true;
  /** In about one session of four its model cannot use the tools of servers any more after the first turn. */
  losesTools?: true;
  /** What its cancel does: `call` cancels the call, `nothing` lets it run, `host` ends the host and so the call. */
  cancels: 'call' | 'nothing' | 'host';
}
