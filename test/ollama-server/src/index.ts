import { type LlamaOptions, LlamaServer } from './llama-process.ts';
import { type ScriptedOptions, ScriptedServer } from './scripted/scripted-server.ts';

/** A real HTTP server on a free port of 127.0.0.1 that responds as the test says. */
export const startScripted = (options?: ScriptedOptions): Promise<ScriptedServer> => ScriptedServer.start(options);

/**
 * The llama engine in a separate process, with the bundled models. Throws a NoEngineError if llama.cpp has no build for
 * the machine.
 */
export const startLlama = (options?: LlamaOptions): Promise<LlamaServer> => LlamaServer.start(options);

export { NoEngineError } from './llama/llama-engine.ts';
export type { LlamaOptions, LlamaServer } from './llama-process.ts';
export { faults } from './scripted/faults.ts';
export { type RawAnswer, raw } from './scripted/raw-answer.ts';
export type { Says } from './scripted/scripted-backend.ts';
export { type ScriptedModel, scriptedModel } from './scripted/scripted-models.ts';
export type { ScriptedOptions, ScriptedServer } from './scripted/scripted-server.ts';
export {
  type AnswerScript,
  type AnyReply,
  type EmbedScript,
  failWith,
  type ProgressScript,
  RawReply,
  replyJson,
  type Script,
} from './scripted/scripts.ts';
export { Delay, delay, Gate, gate } from './scripted/steps.ts';
export type { Outcome, RecordedRequest } from './wire/recorded-request.ts';
export type { OllamaVersion } from './wire/version.ts';
