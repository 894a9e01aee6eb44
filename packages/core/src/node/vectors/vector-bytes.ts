import { crc32 } from 'node:zlib';

const CHECK_BYTES = 4;

/** A checksum, then the numbers. */
export function packVector(vector: readonly number[]): Uint8Array {
  const numbers = new Uint8Array(Float64Array.from(vector).buffer);
  const bytes = new Uint8Array(CHECK_BYTES + numbers.length);
  bytes.set(numbers, CHECK_BYTES);
  new DataView(bytes.buffer).setUint32(0, crc32(numbers));
  return bytes;
}

/** The numbers; undefined if they are not what was written. */
export function unpackVector(bytes: Uint8Array): Float64Array | undefined {
  const length = bytes.length - CHECK_BYTES;
  if (length < 0 || length % Float64Array.BYTES_PER_ELEMENT !== 0) return undefined;
  // A copy, since eight-byte numbers must be aligned to a multiple of eight.
  const numbers = bytes.slice(CHECK_BYTES);
  const check = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return crc32(numbers) === check ? new Float64Array(numbers.buffer) : undefined;
}
