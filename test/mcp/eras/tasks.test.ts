import {
  resultFromTaskOutcome,
  type TaskView,
  taskViewFromExecutionEvent,
} from '@modelcontextprotocol/ext-tasks/client';
import { failWith, faults, gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { hello } from '../../fixtures/mcp/connect.ts';
import { connectTaskHost, overHttp, overStdio, type TaskHost } from '../../fixtures/mcp/task-client.ts';
import { startHttp } from '../../fixtures/mcp-http/http-process.ts';

const toolsets = ['--toolsets', 'inference,models,manage'];
/** Any call may become a task. */
const quick = [...toolsets, '--budget-ms', '300'];
/** None does. */
const unlimited = [...toolsets, '--budget-ms', '0'];

type OpenHost = (
  ollama: ScriptedServer,
  options?: Parameters<typeof connectTaskHost>[1] & { args?: string[] },
) => Promise<TaskHost>;

const transports: [string, OpenHost][] = [
  ['stdio', ({ host }, { args = quick, ...options } = {}) => connectTaskHost(overStdio(host, args), options)],
  [
    'HTTP',
    async ({ host }, { args = quick, ...options } = {}) => {
      const server = await startHttp({ host, args: [...args, '--http-sessions'] });
      const client = await connectTaskHost(overHttp(server.url), options);
      return {
        ...client,
        async [Symbol.asyncDispose]() {
          await client[Symbol.asyncDispose]();
          await server[Symbol.asyncDispose]();
        },
      };
    },
  ],
];

describe.each(transports)('a host with tasks, over %s', (_, open) => {
  test('gets a download as a task with progress, and its result at the end', async () => {
    await using ollama = await startScripted();
    // Long before the time budget of a call is over.
    await using host = await open(ollama, { args: toolsets });
    const [begun, half] = [gate(), gate()];
    const layer = { status: 'pulling 6a0746a1ec1a', digest: 'sha256:6a0746a1ec1a', total: 4e9, completed: 1e9 };
    ollama.pull(['pulling manifest', begun, layer, half, 'success']);
    const execution = await host.session.callTool('ollama_pull_model', { model: 'llama3.2' });
    expect(execution.kind).toBe('task');
    const seen: TaskView[] = [];
    const { outcome } = await execution.settle({
      onEvent(event) {
        const task = taskViewFromExecutionEvent(event);
        // On a slow machine it is a task before Ollama answers.
        if (!task?.statusMessage?.includes('pulling')) return;
        seen.push(task);
        begun.release();
        if (task.statusMessage.includes('25 %')) half.release();
      },
    });
    expect(seen[0]).toMatchObject({ status: 'working', statusMessage: 'llama3.2: pulling manifest', ttl: null });
    expect(seen.map(({ statusMessage }) => statusMessage)).toContainEqual(
      expect.stringMatching(/^llama3.2: pulling 6a0746a1ec1a: 25 %, 1.0 of 4.0 GB/),
    );
    expect(resultFromTaskOutcome(outcome)).toMatchObject({
      structuredContent: { model: 'llama3.2', status: 'success' },
      content: [{ type: 'text', text: expect.stringContaining('success') }],
    });
  });

  test('gets a short answer at once, and a long one as a task with progress', async () => {
    await using ollama = await startScripted();
    await using patient = await open(ollama, { args: unlimited });
    ollama.chat({ text: 'Short' });
    const short = await patient.session.callTool('ollama_chat', hello);
    expect(short.kind).toBe('immediate');
    await using host = await open(ollama);
    const stall = gate();
    ollama.chat({ text: ['Once', ' upon', stall, ' a time'] });
    const long = await host.session.callTool('ollama_chat', hello);
    expect(long.kind).toBe('task');
    const { outcome, lastTask } = await long.settle({
      onEvent(event) {
        const task = taskViewFromExecutionEvent(event);
        // Otherwise it would wait forever.
        if (task?.statusMessage === 'chat-model: 2 tokens') stall.release();
      },
    });
    expect(resultFromTaskOutcome(outcome)).toMatchObject({
      structuredContent: { text: 'Once upon a time', done_reason: 'stop' },
    });
    expect(lastTask).toMatchObject({ status: 'completed', ttl: expect.any(Number) });
  });

  test('cancels a task, which closes the connection to Ollama', async () => {
    await using ollama = await startScripted();
    await using host = await open(ollama);
    const stall = gate();
    ollama.chat({ text: ['Half', stall] });
    const execution = await host.session.callTool('ollama_chat', hello);
    if (execution.kind !== 'task') throw new Error('There is no task.');
    await stall.reached;
    await execution.cancel();
    await expect(ollama.lastRequest.closed).resolves.toBe('aborted');
    const { taskId } = execution.handle;
    const { outcome } = await execution.settle();
    expect(outcome.status).toBe('cancelled');
    const statusMessage = expect.stringMatching(/^cancelled by the client \(/);
    expect(await host.request('tasks/get', { taskId })).toMatchObject({
      result: { status: 'cancelled', statusMessage },
    });
    // A second cancellation changes nothing.
    expect(await host.request('tasks/cancel', { taskId })).toMatchObject({ result: { resultType: 'complete' } });
  });

  test('gets a later failure as the result of the call', async () => {
    await using ollama = await startScripted();
    await using host = await open(ollama);
    const stall = gate();
    ollama.generate(faults.stallBeforeHeaders(stall));
    const args = { model: 'chat-model', prompt: 'x', format: 'json' };
    const execution = await host.session.callTool('ollama_generate', args);
    expect(execution.kind).toBe('task');
    stall.release();
    const { outcome } = await execution.settle();
    expect(resultFromTaskOutcome(outcome)).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/JSON/) }, { text: expect.stringContaining('Incomplete answer') }],
    });
  });

  test('is asked before the work starts; then the call becomes a task', async () => {
    await using ollama = await startScripted();
    const asked: unknown[] = [];
    await using host = await open(ollama, {
      onInputRequest: async ({ params }) => {
        asked.push(params?.['message']);
        return { action: 'accept' } as never;
      },
    });
    const stall = gate();
    ollama.pull(['pulling manifest', stall, 'success']);
    const execution = await host.session.callTool('ollama_pull_model', { model: 'chat-model' });
    expect(asked).toEqual([expect.stringContaining('Replace the installed model "chat-model:latest"')]);
    expect(execution.kind).toBe('task');
    stall.release();
    const { outcome } = await execution.settle();
    expect(resultFromTaskOutcome(outcome)).toMatchObject({ structuredContent: { status: 'success' } });
  });

  test('gets a refusal at once', async () => {
    await using ollama = await startScripted();
    await using host = await open(ollama, { args: unlimited });
    ollama.pull(failWith(500, 'pull model manifest: file does not exist'));
    const execution = await host.session.callTool('ollama_pull_model', { model: 'nothing' });
    expect(execution.kind).toBe('immediate');
    expect(resultFromTaskOutcome((await execution.settle()).outcome)).toMatchObject({ isError: true });
  });

  test('is notified of changes if it subscribes, instead of polling', async () => {
    await using ollama = await startScripted();
    await using host = await open(ollama);
    const [begun, half] = [gate(), gate()];
    const layer = { status: 'pulling 6a0746a1ec1a', digest: 'sha256:6a0746a1ec1a', total: 4e9, completed: 1e9 };
    ollama.pull(['pulling manifest', begun, layer, half, 'success']);
    const execution = await host.session.callTool('ollama_pull_model', { model: 'llama3.2' });
    if (execution.kind !== 'task') throw new Error('There is no task.');
    const { taskId } = execution.handle;
    const statusReports = () => host.notifications.map(({ params }) => params as Record<string, unknown>);
    const listening = host.request('subscriptions/listen', { notifications: { taskIds: [taskId, 'x', taskId] } });
    await expect
      .poll(statusReports)
      .toMatchObject([{ taskId, status: 'working', statusMessage: 'llama3.2: pulling manifest' }]);
    begun.release();
    await expect.poll(() => statusReports().at(-1)).toMatchObject({ statusMessage: expect.stringContaining('25 %') });
    half.release();
    expect(await listening).toMatchObject({ result: { resultType: 'complete' } });
    const last = statusReports().at(-1);
    expect(last).toMatchObject({ status: 'completed', result: { structuredContent: { status: 'success' } } });
    // The same as from `tasks/get`, except for fields of the message itself.
    const asked = (await host.request('tasks/get', { taskId }))['result'] as Record<string, unknown>;
    expect({ ...last, _meta: 0 }).toEqual({ ...without(asked, 'resultType'), _meta: 0 });
    expect((await execution.settle()).outcome.status).toBe('completed');
  });
});

const without = (value: Record<string, unknown>, name: string) =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
