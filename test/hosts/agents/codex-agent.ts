import { LineRpc } from '../machine/line-rpc.ts';
import type { Agent, StartOptions } from './agent.ts';

/** Drives Codex through its app server, like its editor extensions. */
export async function codexAgent({ home, env }: StartOptions): Promise<Agent> {
  const rpc = new LineRpc({ command: 'codex', args: ['app-server'], cwd: home.project, env });
  try {
    await rpc.request('initialize', { clientInfo: { name: 'test', title: null, version: '1' }, capabilities: null });
    rpc.notify('initialized');
    const { thread } = await rpc.request('thread/start', {
      cwd: home.project,
      approvalPolicy: 'never',
      sandbox: 'read-only',
    });
    const threadId = idOf(thread);
    let turnId = '';
    return {
      async say(text) {
        const { turn } = await rpc.request('turn/start', {
          threadId,
          input: [{ type: 'text', text, text_elements: [] }],
        });
        const started = idOf(turn);
        turnId = started;
        await rpc.until((method, params) => method === 'turn/completed' && idOf(params['turn']) === started);
      },
      cancel: async () => void (await rpc.request('turn/interrupt', { threadId, turnId })),
      shown: () => JSON.stringify(rpc.notifications),
      [Symbol.asyncDispose]: () => rpc.end(),
    };
  } catch (error) {
    await rpc[Symbol.asyncDispose]();
    throw error;
  }
}

const idOf = (value: unknown) => (value as { id: string }).id;
