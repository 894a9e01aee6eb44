const MAX_SHOWN = 500;
/** How much is read, so the work does not grow with what a server sends. */
const MAX_READ = 4 * MAX_SHOWN;

/**
 * A server's message that is safe to show: without control characters, direction marks and possible credentials, and
 * not too long.
 */
export function cleanText(text: string): string {
  const shown = withoutCredentials(text.slice(0, MAX_READ))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it removes control characters
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, ' ')
    .trim();
  return shown.length > MAX_SHOWN || text.length > MAX_READ ? `${shown.slice(0, MAX_SHOWN)}…` : shown;
}

/** Credentials in addresses, keys and tokens that a server or a gateway may repeat. */
function withoutCredentials(text: string): string {
  return text
    .replace(/\/\/[^\s/@"']{1,300}@/g, '//')
    .replace(/\b(bearer|basic)(\s+)[\w.~+/=-]{6,}/gi, '$1$2…')
    .replace(
      /\b((?:api|access|auth)[ _-]?(?:key|token)|token|password|secret)("?\s{0,3}[:=]\s{0,3}"?)[^\s"',;&)]{4,}/gi,
      '$1$2…',
    )
    .replace(/\b(?:sk|pk|key)-[\w*.-]{8,}/g, '…');
}
