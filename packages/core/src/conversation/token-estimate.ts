import type { Message } from '../schemas/interfaces.ts';

/** What the server assumes for one image when it truncates a prompt. */
const IMAGE_WEIGHT = 768;
/** The tokens that a prompt template puts around one message. */
const MESSAGE_WEIGHT = 4;

/** Below this weight the fixed text of a template outweighs the messages, so a count says nothing about their text. */
const LEAST_TELLING_WEIGHT = 256;
const RATES = { lowest: 0.4, highest: 4 };

/**
 * Tokens of a text before anything is known about the model's vocabulary: one token per Chinese, Japanese or Korean
 * character, per 2 characters of other scripts, and per 3.5 of English.
 */
export function textWeight(text: string): number {
  let weight = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) weight += 1 / 3.5;
    else if (isWide(code)) weight += 1;
    else weight += 0.5;
  }
  return weight;
}

/** From the CJK radicals to the Yi syllables, Hangul, half surrogates (emoji, rarer ideographs), full-width forms. */
const isWide = (code: number) =>
  (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xdfff) || (code >= 0xf900 && code <= 0xffef);

/** Weight of one message. Templates show thinking only during its own turn, so the caller says whether it counts. */
export function messageWeight(message: Message, withThinking: boolean): number {
  return (
    MESSAGE_WEIGHT +
    // Messages that call tools may have no content.
    textWeight(message.content ?? '') +
    (withThinking && message.thinking ? textWeight(message.thinking) : 0) +
    (message.tool_calls ? textWeight(JSON.stringify(message.tool_calls)) : 0) +
    (message.images ? message.images.length * IMAGE_WEIGHT : 0)
  );
}

/**
 * Converts weights to tokens, and learns from the server's counts: a rate, and a fixed part for what a template adds.
 * The server has no route that counts tokens.
 */
export class TokenEstimate {
  #rate = 1;
  #fixed = 0;

  /** Tokens per unit of weight. */
  get rate(): number {
    return this.#rate;
  }

  /** Tokens of a whole prompt. */
  tokens(weight: number): number {
    return this.#fixed + this.#rate * weight;
  }

  /** Learns that a prompt of this weight had this many tokens; from then on `tokens` agrees. */
  measure(weight: number, tokens: number): void {
    if (weight < LEAST_TELLING_WEIGHT) {
      this.#fixed = Math.max(0, tokens - this.#rate * weight);
      return;
    }
    this.#rate = Math.min(RATES.highest, Math.max(RATES.lowest, (tokens - this.#fixed) / weight));
  }
}
