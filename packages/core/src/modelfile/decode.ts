/** The text of a Modelfile. A byte order mark decides over the encoding and is no part of the text. */
export function decodeModelfile(text: string | Uint8Array): string {
  if (typeof text === 'string') return text.replace(/^\ufeff/, '');
  return new TextDecoder(encodingOf(text)).decode(text);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}
