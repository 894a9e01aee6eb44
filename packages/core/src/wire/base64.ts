/** How many bytes can be the arguments of one call; a multiple of 3, so only the last piece is padded. */
const STEP = 0x1800;

export function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += STEP) {
    // Spreading uses an iterator and takes ten times as long: seconds for a large image.
    const step = bytes.subarray(start, start + STEP) as unknown as number[];
    pieces.push(btoa(String.fromCharCode.apply(null, step)));
  }
  return pieces.join('');
}

/** Bytes in any view or buffer, also from another realm, such as a test runner's; undefined for anything else. */
export function bytesIn(source: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (Object.prototype.toString.call(source) === '[object ArrayBuffer]') return new Uint8Array(source as ArrayBuffer);
  return undefined;
}

/** The bytes of a base64 text. @throws if it is not valid base64 */
export function fromBase64(text: string): Uint8Array {
  const latin1 = atob(text);
  const bytes = new Uint8Array(latin1.length);
  for (let index = 0; index < latin1.length; index++) bytes[index] = latin1.charCodeAt(index);
  return bytes;
}
