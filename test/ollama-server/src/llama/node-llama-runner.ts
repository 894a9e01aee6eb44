import type {
  LlamaContextSequence,
  LlamaEmbeddingContext,
  LlamaGrammarEvaluationState,
  LlamaModel,
  Token,
} from 'node-llama-cpp';
import { CallQueue } from './call-queue.ts';
import { evaluatePrompt, sampledTokens, type Work } from './evaluation.ts';
import { shortestFloat32 } from './float32.ts';
import { type GgufFile, readGguf } from './gguf.ts';
import { GrammarError, jsonGrammar } from './json-grammar.ts';
import { llamaEngine } from './llama-engine.ts';
import type { CompletionEvent, CompletionRequest, LogprobEntry, Runner, TokenLogprob } from './runner.ts';
import { type Candidate, DEFAULT_SAMPLING, type ResolvedSampling } from './sampler.ts';
import { StopText } from './stop-text.ts';
import { type TokenBytes, tokenBytes } from './token-bytes.ts';

export { GrammarError } from './json-grammar.ts';
export { NoEngineError } from './llama-engine.ts';

interface RunnerSettings {
  contextLength: number;
  purpose: 'answers' | 'embeddings' | 'both';
  /** How many further tokens an answer may use. */
  spare?: number;
}

/**
 * Loads one model file, for answers or for embeddings. Throws a NoEngineError if llama.cpp does not run here. The
 * caller sets the context window, whatever the model was trained with.
 */
export async function loadRunner(path: string, { contextLength, purpose, spare = 0 }: RunnerSettings): Promise<Runner> {
  const llama = await llamaEngine();
  const gguf = await readGguf(path);
  const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 });
  try {
    // One thread: with more, threads would wait for each other longer than such a small model computes.
    const common = { contextSize: paddedTo256(contextLength + spare), threads: 1 };
    const parts = { model, contextLength, memory: common.contextSize, gguf };
    // Pooling needs the whole text in one batch.
    const batched = { ...common, batchSize: common.contextSize };
    const embedding = purpose === 'answers' ? undefined : await model.createEmbeddingContext(batched);
    if (purpose === 'embeddings') return new NodeLlamaRunner({ ...parts, size: model.size, embedding });
    const context = await model.createContext(common);
    const size = model.size + context.memoryUsage.ram;
    return new NodeLlamaRunner({ ...parts, size, embedding, sequence: context.getSequence() });
  } catch (cause) {
    await model.dispose();
    throw cause;
  }
}

/** llama.cpp allocates memory for a multiple of 256 tokens, and an answer may fill it. */
const paddedTo256 = (tokens: number) => Math.ceil(tokens / 256) * 256;

interface Parts {
  model: LlamaModel;
  contextLength: number;
  memory: number;
  size: number;
  gguf: GgufFile;
  sequence?: LlamaContextSequence;
  embedding: LlamaEmbeddingContext | undefined;
}

class NodeLlamaRunner implements Runner {
  readonly contextLength: number;
  readonly vocabularySize: number;
  readonly size: number;
  /** How many tokens there is memory for. */
  readonly #memory: number;
  readonly #model: LlamaModel;
  readonly #bytesOf: TokenBytes;
  readonly #sequence: LlamaContextSequence | undefined;
  readonly #embedding: LlamaEmbeddingContext | undefined;
  readonly #queue = new CallQueue();
  readonly #closing = new AbortController();
  #disposed: Promise<void> | undefined;
  /** llama.cpp's current work. */
  #working: Promise<unknown> = Promise.resolve();

  constructor({ model, contextLength, memory, size, gguf, sequence, embedding }: Parts) {
    this.#model = model;
    this.contextLength = contextLength;
    this.#memory = memory;
    this.vocabularySize = (gguf.metadata['tokenizer.ggml.tokens'] as unknown[]).length;
    this.size = size;
    this.#bytesOf = tokenBytes(gguf);
    this.#sequence = sequence;
    this.#embedding = embedding;
  }

  tokenize(text: string): number[] {
    return this.#model.tokenize(text, true);
  }

  detokenize(tokens: readonly number[]): string {
    return Buffer.concat(tokens.map(this.#bytesOf)).toString();
  }

  async *complete(request: CompletionRequest, caller: AbortSignal): AsyncGenerator<CompletionEvent, void, undefined> {
    const sequence = this.#sequence;
    if (!sequence) throw new TypeError('the model was loaded for embeddings');
    if (request.prompt.length >= this.#memory) {
      throw new RangeError(`the prompt has ${request.prompt.length} tokens, the context ${this.contextLength}`);
    }
    const options = resolveSampling(request.options);
    const grammar = request.format && (await this.#grammar(request.format));
    const signal = AbortSignal.any([caller, this.#closing.signal]);
    const leave = await this.#queue.enter(signal);
    try {
      yield* this.#answer(request, sequence, options, grammar, signal);
    } finally {
      leave();
    }
  }

  async *#answer(
    { prompt, topLogprobs }: CompletionRequest,
    sequence: LlamaContextSequence,
    options: ResolvedSampling,
    grammar: LlamaGrammarEvaluationState | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<CompletionEvent, void, undefined> {
    const most = options.num_predict !== undefined && options.num_predict > 0 ? options.num_predict : Infinity;
    const start = process.hrtime.bigint();
    let firstToken: bigint | undefined;
    const ids: number[] = [];
    const text = new StopText(options.stop ?? []);
    let logprobs: LogprobEntry[] = [];
    const event = (safe: string): CompletionEvent => {
      const behind = logprobs;
      logprobs = [];
      return { type: 'text', text: safe, ...(topLogprobs === undefined ? {} : { logprobs: behind }) };
    };
    const end = (reason: 'stop' | 'length'): CompletionEvent => ({
      type: 'end',
      reason,
      promptTokens: prompt.length,
      promptNs: Number((firstToken ?? start) - start),
      tokens: ids.length,
      tokensNs: Number(process.hrtime.bigint() - (firstToken ?? start)),
      ids,
    });

    const work: Work = (run) => this.#work(run, signal);
    const rest = await evaluatePrompt(prompt, sequence, work);
    const history = () => recent([...prompt, ...ids], options.repeat_last_n) as Token[];
    const tokens = sampledTokens(sequence, rest, options, {
      grammar,
      history,
      withCandidates: topLogprobs !== undefined,
      work,
    });
    let reason: 'stop' | 'length' = 'length';
    for await (const { token, candidates } of tokens) {
      signal.throwIfAborted();
      firstToken ??= process.hrtime.bigint();
      ids.push(token);
      if (this.#model.isEogToken(token as Token)) {
        reason = 'stop';
        break;
      }
      if (candidates) logprobs.push(this.#logprob(token, candidates, topLogprobs ?? 0));
      const { text: safe, stopped } = text.push(this.#bytesOf(token));
      if (safe !== '') yield event(safe);
      signal.throwIfAborted();
      if (stopped) {
        yield end('stop');
        return;
      }
      // llama.cpp needs room for the token it evaluates next.
      if (ids.length >= most || prompt.length + ids.length >= this.#memory) break;
    }
    const held = text.rest();
    if (held !== '') yield event(held);
    yield end(reason);
  }

  /**
   * All of llama.cpp's work goes through here: nothing starts on an unloaded model, and unloading waits for running
   * work.
   */
  #work<T>(run: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const work = run();
    this.#working = work;
    return work;
  }

  async #grammar(format: NonNullable<CompletionRequest['format']>): Promise<LlamaGrammarEvaluationState> {
    const { LlamaGrammarEvaluationState } = await import('node-llama-cpp');
    const text = jsonGrammar(format);
    try {
      const grammar = await this.#model.llama.createGrammar({ grammar: text });
      return new LlamaGrammarEvaluationState({ model: this.#model, grammar });
    } catch (cause) {
      throw new GrammarError('failed to parse grammar', { isTooBig: true, cause });
    }
  }

  #logprob(token: number, candidates: readonly Candidate[], count: number): LogprobEntry {
    const one = ([id, probability]: Candidate): TokenLogprob => {
      const bytes = this.#bytesOf(id);
      // As in llama.cpp: the smallest 32-bit float represents the logarithm of zero.
      const logprob = probability > 0 ? Math.fround(Math.log(probability)) : -3.4028234663852886e38;
      return { token: bytes.toString(), logprob, bytes: [...bytes] };
    };
    const chosen = candidates.find(([id]) => id === token) ?? [token, 0];
    return { ...one(chosen), top: candidates.slice(0, count).map(one) };
  }

  async embed(input: string | readonly number[], caller: AbortSignal): Promise<{ vector: number[]; tokens: number }> {
    const embedding = this.#embedding;
    if (!embedding) throw new TypeError('the model was not loaded for embeddings');
    const tokens = typeof input === 'string' ? this.tokenize(input) : [...input];
    if (tokens.length > this.contextLength) {
      throw new RangeError(`the input has ${tokens.length} tokens, the context ${this.contextLength}`);
    }
    const signal = AbortSignal.any([caller, this.#closing.signal]);
    const leave = await this.#queue.enter(signal);
    try {
      const { vector } = await this.#work(() => embedding.getEmbeddingFor(tokens as Token[]), signal);
      const norm = Math.hypot(...vector) || 1;
      return { vector: vector.map((value) => shortestFloat32(value / norm)), tokens: tokens.length };
    } finally {
      leave();
    }
  }

  dispose(): Promise<void> {
    this.#disposed ??= this.#close();
    return this.#disposed;
  }

  async #close(): Promise<void> {
    this.#closing.abort(new Error('the model was unloaded'));
    // A call whose reader has left may never end, but between two tokens it needs no memory of the model.
    await this.#working.catch(() => undefined);
    await this.#sequence?.context.dispose();
    await this.#embedding?.dispose();
    await this.#model.dispose();
  }
}

function resolveSampling(options: CompletionRequest['options']): ResolvedSampling {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...DEFAULT_SAMPLING, ...given };
}

const recent = (tokens: number[], count: number) => (count < 0 ? tokens : tokens.slice(-count));
