#!/usr/bin/env node
import { constants } from 'node:os';
import { createOllama } from '@ollama-toolbelt/core/node';
import { runCall } from './cli/call.ts';
import { checkSetup } from './cli/check.ts';
import { type Command, parseCommandLine } from './cli/command-line.ts';
import { ConfigError } from './cli/config-error.ts';
import { DiskFiles } from './cli/disk-files.ts';
import { helpText } from './cli/help.ts';
import { configFor } from './cli/print-config.ts';
import type { Config } from './cli/settings.ts';
import { processTerminal } from './cli/terminal.ts';
import { McpServer, type McpServerOptions } from './server/mcp-server.ts';
import { toolsets } from './tools/tool.ts';
import { parseHttpAddress } from './transports/http/address.ts';
import { httpServerFactory } from './transports/http/http-server-factory.ts';
import { serveHttp } from './transports/http/serve-http.ts';
import { serveStdio } from './transports/stdio.ts';
import { version } from './version.ts';

/** An agent may call many tools at once; a model on one machine gets slower with each call it works on. */
const CONCURRENCY = 2;

const terminal = processTerminal('ollama-toolbelt-mcp');

const ollamaFor = ({ host, apiKey }: Config) => createOllama({ host, apiKey, concurrency: CONCURRENCY });

function optionsFor(config: Config): McpServerOptions {
  const { model, embedModel, toolsets, tools, excludeTools, readOnly, allowDir, budgetMs } = config;
  return {
    ollama: ollamaFor(config),
    models: { chat: model, embed: embedModel },
    select: { toolsets, tools, excludeTools, readOnly },
    ...(allowDir.length > 0 && { files: new DiskFiles(allowDir) }),
    budgetMs,
  };
}

function serverFor(config: Config): McpServer {
  return new McpServer({ ...optionsFor(config), ...(config.verbose && { log: terminal.say }) });
}

/** For one call from a shell: every tool there is, unless it is to change nothing. */
function callServerFor(config: Config): McpServer {
  const { readOnly } = config;
  return new McpServer({ ...optionsFor(config), oneShot: true, budgetMs: 0, select: { toolsets, readOnly } });
}

function serve(config: Config): Promise<number> {
  const address = config.http === undefined ? undefined : parseHttpAddress(config.http);
  if (address === undefined) return serveStdio(serverFor(config), terminal.say);
  const { httpSessions: sessions, httpAllow: allow, token, verbose } = config;
  const createServer = httpServerFactory({ ...optionsFor(config), sessions });
  const log = verbose ? terminal.say : undefined;
  return serveHttp({ address, createServer, sessions, allow, token, log }, terminal.say);
}

/** Runs what a signal can end; its connections close at once. */
function untilSignal(run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const end = (name: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE') => {
      controller.abort(name);
      // Whatever does not heed the signal, such as a read of stdin, ends with the process.
      setImmediate(() => resolve(128 + constants.signals[name]));
    };
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, end);
    // Whoever read our output has left.
    process.stdout.once('error', () => end('SIGPIPE'));
    run(controller.signal).then(resolve, (error: unknown) => (controller.signal.aborted ? undefined : reject(error)));
  });
}

/** @returns the exit code */
async function run(command: Command): Promise<number> {
  switch (command.run) {
    case 'help':
      terminal.print(helpText());
      return 0;
    case 'version':
      terminal.print(`${version}\n`);
      return 0;
    case 'print-config': {
      const { text, place, language } = configFor(command.host, process.platform, command.flags);
      terminal.print(`${text}\n`);
      terminal.say(language === 'sh' ? 'run this in a terminal' : `this goes into ${place}`);
      if (command.keyIsSet)
        terminal.say('OLLAMA_API_KEY is not in it: give it to the host yourself, best in a place for secrets');
      return 0;
    }
    case 'check':
      return untilSignal(async (signal) => {
        const { ok, lines } = await checkSetup(command.config, ollamaFor(command.config), signal);
        terminal.print(`${lines.join('\n')}\n`);
        return ok ? 0 : 1;
      });
    case 'call':
      return untilSignal((signal) => runCall(command, callServerFor(command.config), terminal, signal));
    case 'serve':
      return serve(command.config);
    default:
      return command satisfies never;
  }
}

try {
  const code = await run(parseCommandLine(process.argv.slice(2), process.env));
  // What is on its way to a pipe would be lost by leaving at once.
  await new Promise((resolve) => process.stdout.write('', resolve));
  process.exit(code);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  terminal.say(error.message);
  process.exit(2);
}
