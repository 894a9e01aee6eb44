/** A text file as it goes to a model. */
export interface TextFile {
  /** As the caller wrote it. */
  name: string;
  text: string;
}

/**
 * Files inside the folders that the person allowed; how a platform without files can run the same tools. Every method
 * rejects with a `Refusal` that says what is wrong with the path.
 */
export interface FileAccess {
  /** The allowed folders, for people. */
  readonly folders: readonly string[];
  readText(path: string): Promise<TextFile>;
  readBytes(path: string): Promise<Uint8Array>;
  /** The path itself, absolute and without links. */
  resolve(path: string): Promise<string>;
}
