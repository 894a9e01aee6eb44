import type { Delta, LineMaker } from '../wire/answer-lines.ts';
import type { JsonObject } from '../wire/json.ts';
import type { OllamaVersion } from '../wire/version.ts';
import { formatError } from './format.ts';
import { GrammarError } from './json-grammar.ts';
import { OutputParser, type OutputParserSettings } from './output-parser.ts';
import type { RunOptions } from './run-options.ts';
import type { CompletionEvent, CompletionRequest, LogprobEntry, Runner } from './runner.ts';

export interface AnswerRequest {
  prompt: readonly number[];
  options: RunOptions;
  format?: CompletionRequest['format'] | undefined;
  parser: OutputParserSettings;
  /** Names of the offered tools; a call of any other is dropped. */
  offered: ReadonlySet<string>;
  topLogprobs?: number | undefined;
  version: OllamaVersion;
}

type End = Extract<CompletionEvent, { type: 'end' }>;

export interface AnswerEnd extends End {
  /** Everything the model wrote, before it was parsed. */
  raw: string;
  thinking: string;
}

export interface RunShape {
  /** Ends at the first text that is not thinking, with an empty line in its place. */
  endsWithThoughts?: boolean;
  /** Generate has a line for each token, even if nothing of it is shown; chat omits those. */
  showsEmpty?: boolean;
}

/** One run of the model as lines; returns its end. */
export async function* answer(
  runner: Runner,
  request: AnswerRequest,
  lines: LineMaker,
  signal: AbortSignal,
  run: RunShape = {},
): AsyncGenerator<JsonObject, AnswerEnd | undefined, undefined> {
  const parser = new OutputParser(request.parser);
  const calls = new ToolCallNumbers(request.offered);
  const texts: string[] = [];
  const thoughts: string[] = [];
  for await (const event of events(runner, request, signal)) {
    if (event.type === 'text') texts.push(event.text);
    const parts = event.type === 'text' ? parser.push(event.text) : parser.end();
    if (parts.length === 0 && event.type === 'text' && run.showsEmpty) yield lines.delta({});
    let logprobs = event.type === 'text' ? (event.logprobs ?? []).map(logprobLine) : [];
    for (const part of parts) {
      if ('thinking' in part) thoughts.push(part.thinking);
      else if (run.endsWithThoughts) {
        yield lines.delta({});
        return ending(undefined, texts, thoughts);
      }
      const delta = deltaOf(part, calls);
      if (delta === undefined) continue;
      yield lines.delta({ ...delta, logprobs });
      logprobs = [];
    }
    if (event.type === 'end') return ending(event, texts, thoughts);
  }
  return undefined;
}

const ending = (end: End | undefined, texts: string[], thoughts: string[]): AnswerEnd => ({
  ...(end ?? { type: 'end', reason: 'stop', promptTokens: 0, promptNs: 0, tokens: 0, tokensNs: 0, ids: [] }),
  raw: texts.join(''),
  thinking: thoughts.join(''),
});

async function* events(runner: Runner, request: AnswerRequest, signal: AbortSignal): AsyncGenerator<CompletionEvent> {
  const { prompt, options, format, topLogprobs } = request;
  try {
    yield* runner.complete(
      { prompt, options, ...(format && { format }), ...(topLogprobs !== undefined && { topLogprobs }) },
      signal,
    );
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof GrammarError ? formatError(error, request.version) : error;
  }
}

function deltaOf(part: ReturnType<OutputParser['push']>[number], calls: ToolCallNumbers): Delta | undefined {
  if ('thinking' in part) return { thinking: part.thinking };
  if ('content' in part) return { text: part.content };
  const call = calls.next(part.toolCall);
  return call && { toolCalls: [call] };
}

class ToolCallNumbers {
  readonly #offered: ReadonlySet<string>;
  #count = 0;

  constructor(offered: ReadonlySet<string>) {
    this.#offered = offered;
  }

  next({ name, arguments: args }: { name: string; arguments: JsonObject }) {
    if (!this.#offered.has(name)) return undefined;
    const id = Array.from({ length: 8 }, () => Math.floor(Math.random() * 36).toString(36)).join('');
    return { id: `call_${id}`, function: { index: this.#count++, name, arguments: args } };
  }
}

const logprobLine = ({ top, ...token }: LogprobEntry): JsonObject => ({
  ...token,
  ...(top.length > 0 && { top_logprobs: top }),
});
