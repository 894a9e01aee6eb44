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
  tensors: GgufTensor[];
  architecture: string;
  parameterCount: number;
  /** The file type's name: `F16`, `Q4_K_M`; `unknown` where the header names none. */
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
  throw new GgufError(`not written yet: ${path}`);
}
