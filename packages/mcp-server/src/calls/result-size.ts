/**
 * Keeps a result small enough for the context of a host's model: some hosts drop what is over 25,000 tokens. Tokens are
 * estimated, since every model has its own.
 */

/** Half of what hosts take: some show their model both forms of a result. */
const MAX_TOKENS = 11_000;
/** Every text keeps this much, however many there are. */
const MIN_CHARACTERS = 200;

/** A longer row of letters and digits is a key or encoded data, which has far more tokens for its length. */
const MAX_WORD_LENGTH = 16;

/** On the safe side: words of English have some four letters a token, code and numbers fewer, other scripts about one. */
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
  // Half of a character such as an emoji, which takes some three tokens.
  if (code >= 0xd800 && code <= 0xdfff) return 1.6;
  if (code >= 0x80) return 0.8;
  return isLetter(code) || code === 0x20 ? 0.24 : 0.6;
}

/** With the escapes of JSON. */
const tokensInJson = (text: string) => estimateTokens(JSON.stringify(text));

/** The value with its longest texts cut until all of it fits. Each cut text says how much of it is shown. */
export function capped<T>(value: T, maxTokens = MAX_TOKENS): T {
  if (estimateTokens(JSON.stringify(value)) <= maxTokens) return value;
  const sizes: number[] = [];
  walk(value, (text) => {
    sizes.push(tokensInJson(text));
    return text;
  });
  const rest = estimateTokens(JSON.stringify(value)) - sizes.reduce((sum, size) => sum + size, 0);
  const share = shareFor(sizes, maxTokens - rest);
  return walk(value, (text) => cut(text, share)) as T;
}

/** How many tokens each text may have at most for all of them to fit. Short texts leave their share to the others. */
function shareFor(sizes: readonly number[], room: number): number {
  const sorted = [...sizes].sort((a, b) => a - b);
  let rest = room;
  for (const [index, size] of sorted.entries()) {
    const share = rest / (sorted.length - index);
    if (size > share) return Math.max(share, 0);
    rest -= size;
  }
  return Number.POSITIVE_INFINITY;
}

function cut(text: string, maxTokens: number): string {
  const tokens = tokensInJson(text);
  if (tokens <= maxTokens || text.length <= MIN_CHARACTERS) return text;
  let length = Math.max(MIN_CHARACTERS, Math.floor(text.length * (maxTokens / tokens)));
  while (length > MIN_CHARACTERS && tokensInJson(text.slice(0, length)) > maxTokens) {
    length = Math.max(MIN_CHARACTERS, Math.floor(length * 0.95));
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
