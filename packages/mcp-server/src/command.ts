import { runCall } from './cli/call.ts';
import { checkSetup } from './cli/check.ts';
import { type Command, parseCommandLine } from './cli/command-line.ts';
import { ConfigError } from './cli/config-error.ts';
import { helpText } from './cli/help.ts';
import { httpServerOptionsFor, protocolIn } from './cli/http-server-options.ts';
import { leave } from './cli/leave.ts';
import { printConfig } from './cli/print-config.ts';
import type { ReadConfig } from './cli/read-config.ts';
import { EXIT_CODES, runUntilSignal } from './cli/run-until-signal.ts';
import { optionsFor, serversFor } from './cli/server-options.ts';
import { flushed, processTerminal } from './cli/terminal.ts';
import { createMcpServer, type McpServer } from './server/mcp-server.ts';
import { toolsets } from './tools/tool.ts';
import { parseHttpAddress } from './transports/http/address.ts';
import { serveHttp } from './transports/http/node-server.ts';
import { serveStdio } from './transports/stdio.ts';
import { version } from './version.ts';

const terminal = processTerminal('ollama-toolbelt-mcp');

function serve(read: ReadConfig, signal: AbortSignal): Promise<number> {
  const { config } = read;
  const log = config.verbose ? terminal.say : undefined;
  const address = config.http === undefined ? undefined : parseHttpAddress(config.http);
  if (address !== undefined) return serveHttp(httpServerOptionsFor(read, address, log), terminal.say, signal);
  const options = optionsFor(read, true);
  return serveStdio(createMcpServer({ ...options, ...(log && { log }), mode: 'session' }), {
    protocol: protocolIn(config),
    memory: options.memory,
    say: terminal.say,
    signal,
  });
}

/** The server for one call from a shell. It has all tools, unless it is read-only. */
function callServerFor(read: ReadConfig): McpServer {
  const { readOnly } = read.config;
  return createMcpServer({ ...optionsFor(read, false), mode: 'call', select: { toolsets, readOnly } });
}

/** @returns the exit code */
async function run(command: Command): Promise<number> {
  if ('unfilled' in command && command.unfilled.length > 0)
    terminal.say(`not filled in, so treated as not set: ${command.unfilled.join(', ')}`);
  switch (command.run) {
    case 'help':
      terminal.print(helpText());
      return 0;
    case 'version':
      terminal.print(`${version}\n`);
      return 0;
    case 'print-config':
      printConfig(command.host, command.settings, terminal);
      return 0;
    case 'check':
      return runUntilSignal(async (signal) => {
        const { ok, lines } = await checkSetup(command, serversFor(command), signal);
        terminal.print(`${lines.join('\n')}\n`);
        return ok ? 0 : 1;
      });
    case 'setup': {
      // Loaded here because its parsers would slow down the start of the server.
      const { setup } = await import('./cli/setup/setup.ts');
      return runUntilSignal((signal) => setup(command, terminal, signal));
    }
    case 'call':
      return runUntilSignal((signal) => runCall(command, callServerFor(command), terminal, signal));
    case 'serve':
      // A host that exits closes its end of the pipe too.
      return runUntilSignal((signal) => serve(command, signal), 0);
    default:
      return command satisfies never;
  }
}

/** The exit code for output that is lost. A reader such as `head` needs no message. */
function codeFor({ code = '' }: NodeJS.ErrnoException): number {
  if (['EPIPE', 'EOF'].includes(code)) return EXIT_CODES.SIGPIPE;
  terminal.say(`The output cannot be written (${code}).`);
  return 1;
}

try {
  const command = parseCommandLine(process.argv.slice(2), process.env);
  const code = await run(command);
  // Exiting at once would lose output that is still on its way to a pipe. After a signal nobody needs it, and a server
  // has already waited for its client.
  const isPatient = command.run !== 'serve' && code < 128;
  const problem = isPatient ? await flushed() : undefined;
  await leave(problem ? codeFor(problem) : code);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  terminal.say(error.message);
  process.exit(2);
}
