import path from 'node:path';
import { LineRpc } from '../machine/line-rpc.ts';
import type { Agent, StartOptions } from './agent.ts';

/** Runs an agent made with a library by our own program, which reads the same settings as Claude Desktop. */
export const pythonAgent =
  (program: string) =>
  async ({ home, env, modelUrl }: StartOptions): Promise<Agent> => {
    const file = path.join(import.meta.dirname, '../programs', program);
    const args = [file, path.join(home.folder, 'mcp.json'), modelUrl];
    const rpc = new LineRpc({
      command: 'python',
      args,
      cwd: home.project,
      env: { ...env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    return {
      say: async (text) => void (await rpc.request('prompt', { text })),
      cancel: async () => rpc.notify('cancel'),
      shown: () => JSON.stringify(rpc.messages),
      [Symbol.asyncDispose]: () => rpc.end(),
    };
  };
