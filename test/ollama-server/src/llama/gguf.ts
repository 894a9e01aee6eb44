import { type FileHandle, open } from 'node:fs/promises';
import { shortestFloat32 } from './float32.ts';
import { FILE_TYPES, TENSOR_TYPES } from './gguf-names.ts';

export type GgufScalar = string | number | bigint | boolean;
export type GgufValue = GgufScalar | GgufValue[];

export interface GgufTensor {
  name: string;
  /** The type's name as Ollama shows it: `F32`, `F16`, `Q4_K`. */
  type: string;
  shape: number[];
}

export interface GgufFile {
  version: number;
  /** Every key of the header in the file's order; 64-bit numbers are plain ones where those hold them exactly. */
  metadata: Record<string, GgufValue>;
  /** In Ollama's order: those outside the blocks first, then block by block, each by name. */
  tensors: GgufTensor[];
  architecture: string;
  parameterCount: number;
  /** The file type's name: `F16`, `Q4_K_M`. Like Ollama's it is `unknown` for an all-F32 file, whose number is 0. */
  quantization: string;
  contextLength: number | undefined;
  embeddingLength: number | undefined;
  /** Whether the file holds an embedding model: only those say how they pool. */
  embedding: boolean;
}

/** The file is no GGUF, or not all of one. */
export class GgufError extends Error {
  override readonly name = 'GgufError';
}

/** Reads the header of a GGUF file: everything but the weights. */
export async function readGguf(path: string): Promise<GgufFile> {
  await using file = await open(path);
  const { size } = await file.stat();
  // A header's length is known only once it is read; most fit the first piece, and a longer one is read again from the start.
  for (let length = 1 << 20; ; length *= 4) {
    const header = await readStart(file, Math.min(length, size));
    try {
      return parseGguf(header, size);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      if (length >= size) throw new GgufError('the file ends within its header', { cause });
    }
  }
}

async function readStart(file: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(bytes, at, length - at, at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}

/** Throws a RangeError when the bytes end too early. */
function parseGguf(bytes: Buffer, size: number): GgufFile {
  if (bytes.toString('latin1', 0, 4) !== 'GGUF') throw new GgufError('supplied file was not in GGUF format');
  const reader = new Reader(bytes, 4);
  const version = reader.u32();
  if (version < 2 || version > 3) throw new GgufError(`GGUF version ${version} is not supported`);
  const tensorCount = reader.u64();
  const keyCount = reader.u64();
  const metadata: Record<string, GgufValue> = {};
  for (let i = 0; i < keyCount; i += 1) metadata[reader.string()] = reader.value(reader.u32());

  const tensors: GgufTensor[] = [];
  let parameterCount = 0;
  const ends: { name: string; end: number }[] = [];
  for (let i = 0; i < tensorCount; i += 1) {
    const name = reader.string();
    const shape = Array.from({ length: reader.u32() }, () => Number(reader.u64()));
    const typeNumber = reader.u32();
    const offset = Number(reader.u64());
    const [type, weightsPerBlock, bytesPerBlock] = TENSOR_TYPES[typeNumber] ?? [`type ${typeNumber}`, 1, 0];
    const weights = shape.reduce((product, length) => product * length, 1);
    parameterCount += weights;
    ends.push({ name, end: offset + (weights / weightsPerBlock) * bytesPerBlock });
    tensors.push({ name, type, shape });
  }
  const alignment = numberOf(metadata['general.alignment']) ?? 32;
  const dataStart = Math.ceil(reader.at / alignment) * alignment;
  for (const { name, end } of ends) {
    if (dataStart + end <= size) continue;
    throw new GgufError(`tensor "${name}" offset+size (${dataStart + end}) exceeds file size (${size})`);
  }

  const architecture = metadata['general.architecture'];
  if (typeof architecture !== 'string') throw new GgufError('the file does not name its architecture');
  return {
    version,
    metadata,
    tensors: tensors.sort(byBlockAndName),
    architecture,
    parameterCount,
    quantization: FILE_TYPES[numberOf(metadata['general.file_type']) ?? 0] ?? 'unknown',
    contextLength: numberOf(metadata[`${architecture}.context_length`]),
    embeddingLength: numberOf(metadata[`${architecture}.embedding_length`]),
    embedding: `${architecture}.pooling_type` in metadata,
  };
}

const numberOf = (value: GgufValue | undefined) => (typeof value === 'number' ? value : undefined);

function byBlockAndName(a: GgufTensor, b: GgufTensor): number {
  const blockOf = ({ name }: GgufTensor) => Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1);
  return blockOf(a) - blockOf(b) || (a.name < b.name ? -1 : 1);
}

/** Walks over little-endian values; a Buffer throws a RangeError of its own past its end. */
class Reader {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#skip(4));
  }

  u64(): number | bigint {
    return plain(this.#bytes.readBigUInt64LE(this.#skip(8)));
  }

  string(): string {
    const length = Number(this.u64());
    const start = this.#skip(length);
    if (this.at > this.#bytes.length) throw new RangeError('a string ends past the bytes');
    return this.#bytes.toString('utf8', start, this.at);
  }

  value(type: number): GgufValue {
    const bytes = this.#bytes;
    switch (type) {
      case 0:
        return bytes.readUInt8(this.#skip(1));
      case 1:
        return bytes.readInt8(this.#skip(1));
      case 2:
        return bytes.readUInt16LE(this.#skip(2));
      case 3:
        return bytes.readInt16LE(this.#skip(2));
      case 4:
        return this.u32();
      case 5:
        return bytes.readInt32LE(this.#skip(4));
      case 6:
        return shortestFloat32(bytes.readFloatLE(this.#skip(4)));
      case 7:
        return bytes.readUInt8(this.#skip(1)) !== 0;
      case 8:
        return this.string();
      case 9: {
        const itemType = this.u32();
        const length = this.u64();
        const items: GgufValue[] = [];
        for (let i = 0; i < length; i += 1) items.push(this.value(itemType));
        return items;
      }
      case 10:
        return this.u64();
      case 11:
        return plain(bytes.readBigInt64LE(this.#skip(8)));
      case 12:
        return bytes.readDoubleLE(this.#skip(8));
      default:
        throw new GgufError(`unknown value type ${type}`);
    }
  }

  #skip(length: number): number {
    const start = this.at;
    this.at += length;
    return start;
  }
}

const plain = (value: bigint) => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};
