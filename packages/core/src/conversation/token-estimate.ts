import type { Message } from '../schemas/interfaces.ts';

/** What the server reckons for one image when it cuts a prompt. */
const IMAGE_WEIGHT = 768;
/** The marks of a prompt template around one message. */
const MESSAGE_WEIGHT = 4;

/** Below this weight the fixed text of a template outweighs what was sent, so a count tells nothing of its text. */
const LEAST_TELLING_WEIGHT = 256;
const RATES = { lowest: 0.4, highest: 4 };

/**
 * Tokens of a text before anything is known of the model's vocabulary: a token for each Chinese, Japanese or Korean
 * character, for 2 of other scripts, for 3.5 of English.
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

/** Weight of one message. Templates show a thought only while its turn lasts, so the caller says whether it counts. */
export function messageWeight(message: Message, withThinking: boolean): number {
  return (
    MESSAGE_WEIGHT +
    // Messages that call tools may have none.
    textWeight(message.content ?? '') +
    (withThinking && message.thinking ? textWeight(message.thinking) : 0) +
    (message.tool_calls ? textWeight(JSON.stringify(message.tool_calls)) : 0) +
    (message.images ? message.images.length * IMAGE_WEIGHT : 0)
  );
}

/**
 * Turns weights into tokens, and learns from what the server counted: a rate, and a fixed part for what a template adds
 * by itself. The server has no route that counts tokens.
 */
export class TokenEstimate {
  #rate = 1;
  #fixed = 0;

  /** Tokens of one weight more. */
  get rate(): number {
    return this.#rate;
  }

  /** Tokens of a whole prompt. */
  tokens(weight: number): number {
    return this.#fixed + this.#rate * weight;
  }

  /** Learns that a prompt of this weight had so many tokens; from then on `tokens` says so too. */
  measure(weight: number, tokens: number): void {
    if (weight < LEAST_TELLING_WEIGHT) {
      this.#fixed = Math.max(0, tokens - this.#rate * weight);
      return;
    }
    this.#rate = Math.min(RATES.highest, Math.max(RATES.lowest, (tokens - this.#fixed) / weight));
  }
}
