/**
 * Keeps a result small enough for the context of a host's model: some hosts drop what is over 25,000 tokens. Tokens are
 * estimated, since every model has its own.
 */

/** Half of what hosts take, since some show both forms of a result to their model. */
const MOST_TOKENS = 11_000;
/** No text is cut below this, however many there are. */
const LEAST_CHARACTERS = 200;

/** Letters and digits in a row that may still be a word: keys and encoded data have far more tokens for their length. */
const LONGEST_WORD = 16;

/** On the safe side: words of English have some four letters a token, code and numbers fewer, other scripts about one. */
export function estimateTokens(text: string): number {
  let tokens = 0;
  let run = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    run = isLetter(code) || isDigit(code) ? run + 1 : 0;
    tokens += run > LONGEST_WORD ? 0.75 : weight(code);
  }
  return tokens;
}

const isLetter = (code: number) => (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

function weight(code: number): number {
  // Half of a character such as an emoji, which takes some three tokens.
  if (code >= 0xd800 && code <= 0xdfff) return 1.6;
  if (code >= 0x80) return 0.8;
  return isLetter(code) || code === 0x20 ? 0.24 : 0.6;
}

/** As it stands in the JSON of the value, with what has to be escaped there. */
const tokensInJson = (text: string) => estimateTokens(JSON.stringify(text));

/** The value with its longest texts cut so that all of it fits; each cut one says how much of it is shown. */
export function capped<T>(value: T, most = MOST_TOKENS): T {
  if (estimateTokens(JSON.stringify(value)) <= most) return value;
  const sizes: number[] = [];
  walk(value, (text) => {
    sizes.push(tokensInJson(text));
    return text;
  });
  const rest = estimateTokens(JSON.stringify(value)) - sizes.reduce((sum, size) => sum + size, 0);
  const share = shareFor(sizes, most - rest);
  return walk(value, (text) => cut(text, share)) as T;
}

/** The most tokens that each text may have for all of them to fit: short ones leave their part to the others. */
function shareFor(sizes: readonly number[], room: number): number {
  const sorted = [...sizes].sort((a, b) => a - b);
  let left = room;
  for (const [index, size] of sorted.entries()) {
    const share = left / (sorted.length - index);
    if (size > share) return Math.max(share, 0);
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}

function cut(text: string, mostTokens: number): string {
  const tokens = tokensInJson(text);
  if (tokens <= mostTokens || text.length <= LEAST_CHARACTERS) return text;
  let length = Math.max(LEAST_CHARACTERS, Math.floor(text.length * (mostTokens / tokens)));
  while (length > LEAST_CHARACTERS && tokensInJson(text.slice(0, length)) > mostTokens) {
    length = Math.max(LEAST_CHARACTERS, Math.floor(length * 0.95));
  }
  length = wholeCharacters(text, length);
  return `${text.slice(0, length)}\n[cut: ${length} of ${text.length} characters]`;
}

/** A cut in the middle of a surrogate pair would leave half a character. */
function wholeCharacters(text: string, length: number): number {
  const code = text.charCodeAt(length - 1);
  return code >= 0xd800 && code <= 0xdbff ? length - 1 : length;
}

function walk(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return typeof value[0] === 'number' ? value : value.map((item) => walk(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, change)]));
}
