import type { OpenFile } from './open-file.ts';

export type ContentType = 'text/plain' | 'application/zip' | 'application/octet-stream';

const SNIFFED_BYTES = 512;
const textMarks = [
  [0xfe, 0xff],
  [0xff, 0xfe],
  [0xef, 0xbb, 0xbf],
];

/**
 * The type of a file by its first bytes: enough to tell weights from the pointers that git-lfs leaves in their place.
 */
export async function contentType(path: string, openFile: OpenFile): Promise<ContentType> {
  const handle = await openFile(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) return 'application/zip';
    if (textMarks.some((mark) => startsWith(bytes, mark))) return 'text/plain';
    return bytes.some(isBinary) ? 'application/octet-stream' : 'text/plain';
  } finally {
    await handle.close();
  }
}

const startsWith = (bytes: Uint8Array, mark: readonly number[]) => mark.every((byte, index) => bytes[index] === byte);

/** A control byte that no text contains: all except tab, line feed, form feed, carriage return and escape. */
const isBinary = (byte: number) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte);
