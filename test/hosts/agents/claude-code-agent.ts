import { LineRpc } from '../machine/line-rpc.ts';
import type { Agent, StartOptions } from './agent.ts';

/** Drives Claude Code with JSON lines, like its SDK. */
export async function claudeCodeAgent({ home, env }: StartOptions): Promise<Agent> {
  const args = ['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'];
  const rpc = new LineRpc({
    command: 'claude',
    args: [...args, '--allowedTools', 'mcp__ollama'],
    cwd: home.project,
    env,
  });
  let turns = 0;
  return {
    async say(text) {
      turns += 1;
      rpc.send({ type: 'user', message: { role: 'user', content: [{ type: 'text', text }] } });
      await rpc.untilSaid((messages) => messages.filter(({ type }) => type === 'result').length >= turns);
    },
    cancel: async () =>
      rpc.send({ type: 'control_request', request_id: `cancel_${turns}`, request: { subtype: 'interrupt' } }),
    shown: () => JSON.stringify(rpc.messages),
    [Symbol.asyncDispose]: () => rpc.end(),
  };
}
