import type { AgentHost } from '../../../packages/mcp-server/src/cli/agent-hosts.ts';
import type { Source } from '../hosts-setup.ts';
import type { HostHome } from '../machine/host-home.ts';

/** A running host with its own conversation. It ends with the scope. */
export interface Agent extends AsyncDisposable {
  /** Sends a prompt, and waits until the host has finished the turn. */
  say(prompt: string): Promise<void>;
  /** Cancels the turn, as a person would. */
  cancel(): Promise<void>;
  /** Everything it has shown so far, in the form for editors. */
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
  /** Its name for `--print-config`. */
  config: AgentHost;
  from: Source;
  /** Its settings file in the home folder, with the settings for the scripted model. */
  file: string;
  settings: (modelUrl: string) => object | string;
  env?: (modelUrl: string) => Record<string, string>;
  start: (options: StartOptions) => Promise<Agent>;
  /** The revision of MCP that it requests first. */
  revision: string;
  /** The part of a result with text and structure that its model sees. */
  sees: 'text' | 'structure' | 'both';
  /** It shows people the output of its model, but not tool results. */
  hidesResults?: true;
  /** In about one of four sessions, its model cannot use the servers' tools after the first turn. */
  losesTools?: true;
  /** The effect of cancel: `call` cancels the call, `nothing` lets it run, `host` ends the host and so the call. */
  cancels: 'call' | 'nothing' | 'host';
}
