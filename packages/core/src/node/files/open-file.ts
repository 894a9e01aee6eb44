import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { OllamaError } from '../../errors/errors.ts';

/** Opens a file for reading. The caller closes it. */
export type OpenFile = (path: string) => Promise<FileHandle>;

/**
 * Opens only regular files: a pipe without a writer would wait forever, and a device has no end.
 *
 * @throws OllamaError `bad_request` for anything else; the system's error if it cannot be opened.
 *
 * @example
 * ```ts
 * import { createOllama, isInside, openRegularFile } from '@ollama-toolbelt/core/node';
 *
 * const careful = createOllama({
 *   openFile: (path) => {
 *     if (!isInside('/srv/models', path)) throw new Error('only files of /srv/models');
 *     return openRegularFile(path);
 *   },
 * });
 * await careful.blobs.upload('model.gguf').catch(({ code }) => console.log(code)); // …
 * ```
 */
export const openRegularFile: OpenFile = async (path) => {
  // Opening a device may have an effect, so the path is checked first. It may change before it is open, so the handle
  // is checked too.
  if (!(await stat(path)).isFile()) throw notAFile(path);
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw notAFile(path);
};

export const notAFile = (path: string): OllamaError =>
  new OllamaError(`${path} is not a file.`, {
    code: 'bad_request',
    path,
    hint: 'Give the path of a regular file, not of a folder, a pipe or a device.',
  });
