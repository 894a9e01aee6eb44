import type { References } from './modelfile/convert.ts';

/** A file to upload. Its methods reject with an `OllamaError` when the file has changed since it was found. */
export interface LocalFile {
  /** Name for the server: relative, with "/". */
  name: string;
  /** In bytes. */
  size: number;
  /** SHA-256 as `sha256:<hex>`; `onBytes` gets the size of each piece that is read. */
  digest(signal: AbortSignal, onBytes: (count: number) => void): Promise<string>;
  /** The content, piece by piece where it may be large. */
  read(): Uint8Array | AsyncIterable<Uint8Array>;
}

/** What the references of a Modelfile stand for. */
export interface ResolvedReferences {
  /** A model of the server. */
  from?: string | undefined;
  files: readonly LocalFile[];
  adapters: readonly LocalFile[];
  draft_files: readonly LocalFile[];
}

/** Files of this machine, for platforms that can read them: `/node`. */
export interface LocalFiles {
  /** Paths are relative to `baseDir`, by default the working directory. */
  resolve(references: References, baseDir: string | undefined): Promise<ResolvedReferences>;
  open(path: string): Promise<LocalFile>;
}
