import { type FileHandle, open } from 'node:fs/promises';
import { FILE_TYPES, TENSOR_TYPES } from './gguf-names.ts';
import { GgufError, GgufReader, type GgufValue } from './gguf-reader.ts';

export type { GgufValue } from './gguf-reader.ts';

export interface GgufTensor {
  name: string;
  /** The type's name as Ollama shows it: `F32`, `F16`, `Q4_K`. */
  type: string;
  shape: number[];
}

export interface GgufFile {
  version: number;
  /** Every key of the header in file order; 64-bit numbers are plain ones if those represent them exactly. */
  metadata: Record<string, GgufValue>;
  /** In Ollama's order: tensors outside the blocks first, then block by block, each by name. */
  tensors: GgufTensor[];
  architecture: string;
  parameterCount: number;
  /**
   * The name of the file type: `F16`, `Q4_K_M`. As in Ollama it is `unknown` for an all-F32 file, whose number is 0.
   */
  quantization: string;
  contextLength: number | undefined;
  embeddingLength: number | undefined;
  /** Whether the file is an embedding model: only those have a pooling type. */
  embedding: boolean;
}

/** Reads the header of a GGUF file: everything but the weights. */
export async function readGguf(path: string): Promise<GgufFile> {
  await using file = await open(path);
  const { size } = await file.stat();
  // The length of a header is known only once it is read. Most fit the first piece; a longer one is read again from the
  // start.
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

/** Throws a RangeError if the bytes end too early. */
function parseGguf(bytes: Buffer, size: number): GgufFile {
  if (bytes.toString('latin1', 0, 4) !== 'GGUF') throw new GgufError('supplied file was not in GGUF format');
  const reader = new GgufReader(bytes, 4);
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
    tensors,
    architecture,
    parameterCount,
    quantization: FILE_TYPES[numberOf(metadata['general.file_type']) ?? 0] ?? 'unknown',
    contextLength: numberOf(metadata[`${architecture}.context_length`]),
    embeddingLength: numberOf(metadata[`${architecture}.embedding_length`]),
    embedding: `${architecture}.pooling_type` in metadata,
  };
}

const numberOf = (value: GgufValue | undefined) => (typeof value === 'number' ? value : undefined);

/** The order in which Ollama writes a file: by block, then by name. */
export function tensorsAsWritten(tensors: readonly GgufTensor[]): GgufTensor[] {
  const blockOf = ({ name }: GgufTensor) => Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1);
  return tensors.toSorted((a, b) => blockOf(a) - blockOf(b) || (a.name < b.name ? -1 : 1));
}
