import { OllamaError } from '../errors/errors.ts';

/** Forever; the server takes any negative number for it. */
const FOR_EVER = -1;
/** More seconds than this overflow Go's durations (292 years), and the server would read them as negative. */
const MAX_SECONDS = 9_000_000_000;

/** A duration as Go writes it: "1h30m", "-1m", "1.5s". */
const duration = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;

/**
 * How long a model stays loaded, as the server accepts it: a duration, or seconds as a number. A number in a text
 * ("300", "-1") becomes a number, because the server rejects a text without a unit. `Infinity` means forever. White
 * space around a text is removed. An empty text, such as from an empty setting, is left out.
 *
 * @throws OllamaError `bad_request` for anything else.
 */
export function wireKeepAlive(keepAlive: unknown): string | number | undefined {
  if (keepAlive === undefined || keepAlive === null) return undefined;
  if (typeof keepAlive === 'number') return seconds(keepAlive);
  if (typeof keepAlive !== 'string') throw badKeepAlive();
  const text = keepAlive.trim();
  if (text === '') return undefined;
  if (/^[+-]?(?:\d{1,300}(?:\.\d*)?|\.\d+|Infinity)$/.test(text)) return seconds(Number(text));
  // Go's durations have at most about twenty digits; a longer text is not a duration.
  if (text.length > 100 || !duration.test(text)) throw badKeepAlive();
  return text;
}

function seconds(count: number): number {
  if (Number.isNaN(count)) throw badKeepAlive();
  return count < 0 || count > MAX_SECONDS ? FOR_EVER : count;
}

const badKeepAlive = () =>
  new OllamaError('keep_alive is not a duration.', {
    code: 'bad_request',
    hint: 'Use a text such as "10m", "1h30m" or "300ms", a number of seconds, -1 or Infinity for forever, or 0 to unload at once.',
    option: 'keep_alive',
  });
