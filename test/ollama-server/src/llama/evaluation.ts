import type { LlamaContextSequence, LlamaGrammarEvaluationState, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import { type Candidate, pick, type ResolvedSampling, randomNumbers } from './sampler.ts';

/** How many tokens of a prompt are evaluated between two checks of the signal. */
const PROMPT_PIECE = 256;

/** Runs a piece of llama.cpp's work when it may. */
export type Work = <T>(run: () => Promise<T>) => Promise<T>;

/** Evaluates all but the last piece of the prompt, which it returns; reuses what the last call left in memory. */
export async function evaluatePrompt(
  prompt: readonly number[],
  sequence: LlamaContextSequence,
  work: Work,
): Promise<Token[]> {
  const tokens = prompt as readonly Token[];
  const { firstDifferentIndex: start } = sequence.compareContextTokens(tokens.slice(0, -1));
  const end = sequence.nextTokenIndex;
  if (start < end) await work(() => sequence.eraseContextTokenRanges([{ start, end }]));
  let at = sequence.nextTokenIndex;
  for (; tokens.length - at > PROMPT_PIECE; at += PROMPT_PIECE) {
    const piece = tokens.slice(at, at + PROMPT_PIECE);
    await work(() => sequence.evaluateWithoutGeneratingNewTokens(piece));
  }
  return tokens.slice(at);
}

export interface Sampling {
  grammar: LlamaGrammarEvaluationState | undefined;
  /** The tokens that a penalty applies to. */
  history: () => Token[];
  withCandidates: boolean;
  work: Work;
}

/** Samples token after token, and reports all candidates with each if requested. */
export async function* sampledTokens(
  sequence: LlamaContextSequence,
  tokens: Token[],
  options: ResolvedSampling,
  { grammar, history, withCandidates, work }: Sampling,
): AsyncGenerator<{ token: number; candidates?: Candidate[] }, void, undefined> {
  const { temperature, seed } = options;
  // llama.cpp applies a grammar internally, so it makes the choice itself; also if there is only one choice.
  const native = grammar !== undefined || temperature <= 0;
  const evaluate: SequenceEvaluateOptions = {
    temperature: native ? temperature : 0,
    topK: options.top_k,
    topP: options.top_p,
    minP: options.min_p,
    seed: seed !== undefined && seed >= 0 ? seed : Math.floor(Math.random() * 2 ** 31),
    yieldEogToken: true,
    ...(grammar ? { grammarEvaluationState: grammar } : {}),
    ...(hasPenalty(options)
      ? {
          repeatPenalty: {
            punishTokens: history,
            maxPunishTokens: options.repeat_last_n < 0 ? sequence.contextSize : options.repeat_last_n,
            penalty: options.repeat_penalty,
            presencePenalty: options.presence_penalty,
            frequencyPenalty: options.frequency_penalty,
          },
        }
      : {}),
  };
  const random = randomNumbers(seed);
  const probabilities = withCandidates || !native;
  // The type requires the literal `true`. If it is false, the field is missing, and nothing reads it.
  const metadata = { probabilities } as { probabilities: true };
  const steps = sequence.evaluateWithMetadata(tokens, metadata, evaluate);
  try {
    for (let step = await work(() => steps.next()); !step.done; ) {
      const candidates = probabilities ? [...step.value.probabilities] : undefined;
      const token = native || !candidates ? step.value.token : (pick(candidates, options, random) as Token);
      yield { token, ...(withCandidates && candidates ? { candidates } : {}) };
      step = await work(() => steps.next(token));
    }
  } finally {
    await steps.return();
  }
}

const hasPenalty = (options: ResolvedSampling) =>
  options.repeat_last_n !== 0 &&
  (options.repeat_penalty !== 1 || options.presence_penalty !== 0 || options.frequency_penalty !== 0);
