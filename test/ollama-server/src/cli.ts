import { parseArgs } from 'node:util';
import { LlamaBackend } from './llama/llama-backend.ts';
import { llamaEngine, NoEngineError } from './llama/llama-engine.ts';
import { ScriptedServer } from './scripted/scripted-server.ts';
import { WireServer } from './wire/server.ts';
import type { OllamaVersion } from './wire/version.ts';

const help = `A stand-in for an Ollama server.

Usage: pnpm ollama [--engine llama|scripted] [--play 0.33|0.24] [--port PORT] [--empty]

  --engine   llama runs the small models of this repository (default); scripted gives fixed answers
  --play     version of Ollama to behave as: 0.33 (default) or 0.24
  --port     port on 127.0.0.1; 0, the default, takes a free one
  --empty    start without any model (llama only)
  --stdin    end when standard input ends, for programs that start it
  --help     this text

The address is the first line of the output. Ctrl-C ends it.
With OLLAMA_STAND_IN_NO_BINARY=1 it behaves as on a machine that llama.cpp has no build for.
`;

async function startLlama(port: number, empty: boolean, version: OllamaVersion): Promise<string> {
  await llamaEngine();
  const backend = await LlamaBackend.start({ empty, version });
  process.once('exit', () => backend.removeFiles());
  return (await WireServer.listen(backend, { port })).host;
}

async function startScripted(port: number, version: OllamaVersion): Promise<string> {
  return (await ScriptedServer.start({ port, version })).host;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string', default: 'llama' },
      play: { type: 'string', default: '0.33' },
      port: { type: 'string', default: '0' },
      empty: { type: 'boolean', default: false },
      stdin: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  if (values.engine !== 'llama' && values.engine !== 'scripted')
    throw new Error(`--engine is llama or scripted, not ${values.engine}`);
  const version = values.play;
  if (version !== '0.33' && version !== '0.24') throw new Error(`--play is 0.33 or 0.24, not ${version}`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port is a number up to 65535, not ${values.port}`);
  const host =
    values.engine === 'llama' ? await startLlama(port, values.empty, version) : await startScripted(port, version);
  process.stdout.write(`Listening on ${host} (${values.engine} engine)\n`);
  // Abandons running responses: a person who stops the server does not want to wait for them.
  const end = () => process.exit(0);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
  if (values.stdin) process.stdin.on('end', end).on('error', end).resume();
}

try {
  await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const advice = error instanceof NoEngineError ? '; use --engine scripted, or a real Ollama server' : '';
  process.stderr.write(`${message}${advice}\n`);
  process.exit(1);
}
