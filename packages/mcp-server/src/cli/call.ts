import { addAbortSignal } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { answerTextKey, type ProgressUpdate } from '../calls/progress.ts';
import type { ToolResult } from '../calls/result.ts';
import type { McpServer } from '../server/mcp-server.ts';
import type { CallCommand } from './command-line.ts';
import { ConfigError } from './config-error.ts';
import type { Terminal } from './terminal.ts';

type Arguments = Record<string, unknown>;

/**
 * Runs one tool and prints its text: the answer on stdout, notices on stderr. On a terminal, the answer is shown while
 * it streams.
 *
 * @returns the exit code: 0, or 1 if the tool failed.
 * @throws ConfigError for bad use.
 */
export async function runCall(
  command: CallCommand,
  mcp: McpServer,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { tool, json, config } = command;
  if (tool === undefined) {
    terminal.print(json ? `${JSON.stringify(mcp.listTools(), null, 2)}\n` : toolRows(mcp));
    return 0;
  }
  checkName(tool, mcp);
  const args = parseArguments(
    command.input === '-' ? await readAll(addAbortSignal(signal, process.stdin)) : (command.input ?? '{}'),
  );
  const calls = await mcp.calls();
  const problems = calls.badArguments(tool, args);
  if (problems.length > 0) throw new ConfigError([`Bad arguments for ${tool}:`, ...problems].join('\n  '));

  // The texts of several answers would be mixed up.
  const live = terminal.stdoutIsSeen && !json && !('prompts' in args);
  const watched = terminal.stderrIsSeen || config.verbose;
  let shown = '';
  const notify = (update: ProgressUpdate) => {
    const piece = live ? update._meta?.[answerTextKey] : undefined;
    if (typeof piece === 'string') {
      terminal.print(piece);
      shown += piece;
    } else if (watched && shown === '') terminal.status(statusLine(update));
  };
  const result = await calls.call(tool, args, { signal, ...((live || watched) && { notify }) });
  signal.throwIfAborted();
  return printResult(result, shown, json, terminal);
}

function printResult(result: ToolResult, shown: string, json: boolean, terminal: Terminal): number {
  const { structuredContent, isError = false } = result;
  const text = result.content.map(({ text }) => text).join('\n');
  if (json && structuredContent) terminal.print(`${JSON.stringify(structuredContent)}\n`);
  else if (isError) {
    if (shown !== '') terminal.print('\n');
    terminal.say(text);
  } else {
    const answerText = answerIn(structuredContent);
    const answer = answerText ?? text;
    terminal.print(`${answer.startsWith(shown) ? answer.slice(shown.length) : `\n${answer}`}\n`);
    // The full text of the result already has them.
    if (answerText !== undefined) for (const remark of remarks(structuredContent)) terminal.say(remark);
  }
  return isError ? 1 : 0;
}

/** Only the model's text, if there is any: usage figures are not useful in a pipe. */
function answerIn(value: Arguments | undefined): string | undefined {
  const text = value?.['text'];
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** Information that is not in the model's text. */
function remarks(value: Arguments = {}): string[] {
  const notices = Array.isArray(value['notices']) ? (value['notices'] as { message?: unknown }[]) : [];
  return [
    ...notices.map(({ message }) => `notice: ${String(message)}`),
    ...(value['partial'] === true ? ['notice: the answer reached its maximum length'] : []),
  ];
}

function statusLine({ message, progress, total }: ProgressUpdate): string {
  return total === undefined || total === 0 ? message : `${message} (${Math.floor((100 * progress) / total)} %)`;
}

function checkName(tool: string, mcp: McpServer): void {
  const names = mcp.listTools().map(({ name }) => name);
  if (!names.includes(tool)) throw new ConfigError(`Unknown tool ${tool}. There are: ${names.join(', ')}.`);
}

function parseArguments(text: string): Arguments {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(
      `The arguments are not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Arguments;
  throw new ConfigError('The arguments should be a JSON object, such as {"model": "llama3.2"}.');
}

function toolRows(mcp: McpServer): string {
  const tools = mcp.listTools();
  const width = Math.max(...tools.map(({ name }) => name.length));
  return `${tools.map(({ name, description }) => `${name.padEnd(width)}  ${description}`).join('\n')}\n`;
}
