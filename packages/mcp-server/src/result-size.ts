/**
 * Keeps a result small enough for the context of a host's model: some hosts drop what is over 25,000 tokens. Tokens are
 * estimated, since every model has its own.
 */

/** Half of what hosts take, since some show both forms of a result to their model. */
const MOST_TOKENS = 11_000;
/** No text is cut below this, however many there are. */
const LEAST_CHARACTERS = 200;

/** On the safe side: words of English have some four letters a token, code and numbers fewer, other scripts about one. */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (let index = 0; index < text.length; index++) tokens += weight(text.charCodeAt(index));
  return tokens;
}

function weight(code: number): number {
  if (code >= 0x80) return 0.8;
  const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x20;
  return isLetter ? 0.24 : 0.5;
}

/** The value with its longest texts cut so that all of it fits; each cut one says how much of it is shown. */
export function capped<T>(value: T, most = MOST_TOKENS): T {
  if (estimateTokens(JSON.stringify(value)) <= most) return value;
  const texts: { length: number; tokens: number }[] = [];
  walk(value, (text) => {
    texts.push({ length: text.length, tokens: estimateTokens(text) });
    return text;
  });
  const rest = estimateTokens(JSON.stringify(value)) - texts.reduce((sum, { tokens }) => sum + tokens, 0);
  const share = shareFor(
    texts.map(({ tokens }) => tokens),
    most - rest,
  );
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
  const tokens = estimateTokens(text);
  if (tokens <= mostTokens || text.length <= LEAST_CHARACTERS) return text;
  let length = Math.max(LEAST_CHARACTERS, Math.floor(text.length * (mostTokens / tokens)));
  while (length > LEAST_CHARACTERS && estimateTokens(text.slice(0, length)) > mostTokens) {
    length = Math.max(LEAST_CHARACTERS, Math.floor(length * 0.95));
  }
  return `${text.slice(0, wholeCharacters(text, length))}\n[cut: ${length} of ${text.length} characters]`;
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
