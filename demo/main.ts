/**
 * The main use case, for real: a real MCP client starts the built server over stdio, and a model on an Ollama server
 * does the work. Run it with `pnpm demo`; `pnpm demo --help` has the options.
 */
import { OllamaError } from '@ollama-toolbelt/core/neutral';
import { runUntilSignal } from '../packages/mcp-server/src/cli/run-until-signal.ts';
import { parseArguments, UsageError } from './arguments.ts';
import { connect } from './client.ts';
import { DemoError } from './demo-error.ts';
import { chooseModels } from './models.ts';
import { heading, line } from './print.ts';
import { pullModel } from './pull.ts';
import { findServer } from './server.ts';
import { printSnippets } from './snippets.ts';
import { runSteps } from './steps.ts';

const HELP = `Shows the MCP server at work on an Ollama server.

Usage: pnpm demo [--pull MODEL] [--schema FILE] [--verbose]

  --pull MODEL    download this model first, and show how far that is
  --schema FILE   JSON Schema for the answer of the JSON step
  --verbose       show what installing and building print
  --help          this text

Environment:
  OLLAMA_HOST          server to use; else 127.0.0.1:11434 if one answers, else the embedded engine
  OLLAMA_MODEL         model to chat with; else the smallest installed one that can
  OLLAMA_EMBED_MODEL   model to embed with; else the smallest installed one that can
`;

async function main(stopped: AbortSignal): Promise<void> {
  const { schemaFile, help, pull } = parseArguments(process.argv.slice(2));
  if (help) return void process.stdout.write(HELP);
  const format = schemaFile.read();

  await using server = await findServer(process.env, stopped);
  line(`Ollama: ${server.description}`);
  if (pull !== undefined) await pullModel(server.ollama, pull, stopped);
  const models = await chooseModels(server.ollama, process.env, stopped);
  line(`Models: ${models.chat} to chat, ${models.embed} to embed`);

  await using client = await connect(server.host, stopped);
  await runSteps(client, models, format, stopped);
  heading('Use it in your own agent');
  printSnippets(server.embedded ? undefined : server.host);
}

process.exitCode = await runUntilSignal(async (signal) => {
  try {
    await main(signal);
    return 0;
  } catch (error) {
    const isExpected = error instanceof UsageError || error instanceof DemoError || error instanceof OllamaError;
    if (!isExpected) throw error;
    if (!signal.aborted) process.stderr.write(`${describe(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
});

function describe(error: Error): string {
  const hint = error instanceof OllamaError ? error.hint : undefined;
  return hint === undefined ? error.message : `${error.message} ${hint}`;
}
