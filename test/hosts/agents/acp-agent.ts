import { LineRpc } from '../machine/line-rpc.ts';
import type { Agent, StartOptions } from './agent.ts';

/** Drives a host over the Agent Client Protocol, like editors. Grants every permission. */
export const acpAgent =
  (command: string, ...args: string[]) =>
  async ({ home, env }: StartOptions): Promise<Agent> => {
    const rpc = new LineRpc({ command, args, cwd: home.project, env, onRequest: allow });
    try {
      await rpc.request('initialize', {
        protocolVersion: 1,
        clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
      });
      const { sessionId } = await rpc.request('session/new', { cwd: home.project, mcpServers: [] });
      return {
        say: async (text) =>
          void (await rpc.request('session/prompt', { sessionId, prompt: [{ type: 'text', text }] })),
        cancel: async () => rpc.notify('session/cancel', { sessionId }),
        shown: () => JSON.stringify(rpc.notifications),
        [Symbol.asyncDispose]: () => rpc.end(),
      };
    } catch (error) {
      await rpc[Symbol.asyncDispose]();
      throw error;
    }
  };

function allow(method: string, params: Record<string, unknown>): object {
  if (method !== 'session/request_permission') return {};
  const options = params['options'] as { optionId: string; kind: string }[];
  const optionId = options.find(({ kind }) => kind.startsWith('allow'))?.optionId;
  return { outcome: { outcome: 'selected', optionId } };
}
