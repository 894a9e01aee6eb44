#!/usr/bin/env node
import { createOllama } from '@ollama-toolbelt/core/node';
import { type Command, parseCommandLine } from './command-line.ts';
import { ConfigError } from './config-error.ts';
import { helpText } from './help.ts';
import { McpServer } from './mcp-server.ts';
import { serveStdio } from './stdio.ts';
import { version } from './version.ts';

/** An agent may call many tools at once; a model on one machine gets slower with each call it works on. */
const CONCURRENCY = 2;

const say = (line: string) => process.stderr.write(`ollama-toolbelt-mcp: ${line}\n`);

function readCommand(): Command {
  try {
    return parseCommandLine(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    say(error.message);
    process.exit(2);
  }
}

const command = readCommand();
switch (command.run) {
  case 'help':
    process.stdout.write(helpText());
    break;
  case 'version':
    process.stdout.write(`${version}\n`);
    break;
  case 'serve': {
    const { host, model, embedModel, verbose, toolsets, tools, excludeTools, readOnly, budgetMs } = command.config;
    const mcp = new McpServer({
      ollama: createOllama({ host, concurrency: CONCURRENCY }),
      select: { toolsets, tools, excludeTools, readOnly },
      budgetMs,
      models: { chat: model, embed: embedModel },
      ...(verbose && { log: say }),
    });
    process.exit(await serveStdio(mcp, say));
  }
}
