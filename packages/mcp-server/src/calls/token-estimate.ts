/** Longer words are keys or encoded data, which have far more tokens per character. */
const MAX_WORD_LENGTH = 16;

/**
 * Estimates the tokens of a text. Tokenizers differ, so the estimate is on the high side: about four letters a token
 * for English words, fewer for code and numbers, about one for other scripts.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  let run = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    run = isLetter(code) || isDigit(code) ? run + 1 : 0;
    tokens += run > MAX_WORD_LENGTH ? 0.75 : weight(code);
  }
  return tokens;
}

const isLetter = (code: number) => (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

function weight(code: number): number {
  // Half of a character such as an emoji, which takes about three tokens.
  if (code >= 0xd800 && code <= 0xdfff) return 1.6;
  if (code >= 0x80) return 0.8;
  return isLetter(code) || code === 0x20 ? 0.24 : 0.6;
}

/** The two quotes around a text in JSON often share a token with the punctuation next to them. */
const QUOTES_OVER = 0.6;

/** Like `estimateTokens`, for the text as JSON with its quotes and escapes. */
export const tokensInJson = (text: string): number => estimateTokens(JSON.stringify(text)) - QUOTES_OVER;
