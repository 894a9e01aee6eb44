const MAX_SHOWN = 500;
/** Read before anything is taken out, so the work does not grow with what a server sends. */
const MAX_READ = 4 * MAX_SHOWN;

/**
 * Words of a server as they can be shown: without control characters and marks that turn the direction of text, without
 * what may be a credential, and not too long.
 */
export function cleanText(text: string): string {
  const shown = withoutCredentials(text.slice(0, MAX_READ))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, ' ')
    .trim();
  return shown.length > MAX_SHOWN || text.length > MAX_READ ? `${shown.slice(0, MAX_SHOWN)}…` : shown;
}

/** Credentials of addresses, keys and tokens that a server or a gateway may repeat. */
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
