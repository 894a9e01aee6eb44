import { OllamaConnectionError, OllamaError } from '../errors/errors.ts';
import { callHook } from '../errors/hook-failure.ts';
import { asOllamaError, readInput } from '../errors/unexpected.ts';
import { throwIfAborted } from '../http/abort-signals.ts';
import type { ClientContext } from '../http/client-context.ts';
import { Exchange } from '../http/exchange.ts';
import { readTransferOptions } from '../http/known-options.ts';
import { MultiRequestCall } from '../http/multi-request-call.ts';
import { readAnswer } from '../http/read-answer.ts';
import type { CallOptions, TransferOptions } from '../options.ts';
import type { LocalFile, TransportRequest } from '../platform.ts';
import type { ProgressResponse } from '../schemas/interfaces.ts';
import { bytesIn } from '../wire/base64.ts';
import { metered } from '../wire/progress-meter.ts';
import { routes } from '../wire/routes.ts';
import { countSteps } from './progress.ts';

/** Files on the server that models are made from, each identified by its SHA-256. */
export class Blobs {
  readonly #client: ClientContext;

  constructor(client: ClientContext) {
    this.#client = client;
  }

  /**
   * Whether the server has the file with this digest, `sha256:` and 64 hex digits.
   *
   * @example
   * ```ts
   * const digest = `sha256:${'0'.repeat(64)}`;
   * console.log(await ollama.blobs.has(digest)); // false
   * ```
   */
  async has(digest: string, call: CallOptions = {}): Promise<boolean> {
    return hasBlob(digest, { client: this.#client, call });
  }

  /**
   * Uploads a file unless the server has it: bytes, or in `/node` the path of a file, which is streamed. Use its digest
   * in the `files` of `create`.
   *
   * @example
   * ```ts
   * const { digest } = await ollama.blobs.upload('model.gguf');
   * await ollama.create({ model: 'from-a-file', files: { 'model.gguf': digest } });
   * ```
   */
  async upload(source: string | Uint8Array, options: TransferOptions = {}): Promise<{ digest: string }> {
    const { onProgress, ...call } = readTransferOptions(options);
    const whole = new MultiRequestCall(this.#client, routes.uploadBlob, undefined, call);
    const tell = metered(onProgress, this.#client.platform.now);
    const report: Report = (line) => callHook('onProgress', tell, line, whole.fail);
    try {
      const file =
        typeof source === 'string'
          ? await this.#open(source)
          : bytesAsFile(readInput('The file', () => bytesGiven(source)));
      const digest = await hashFile(file, whole.signal, report);
      await sendFile(file, digest, { client: this.#client, call: whole.part(), report });
      return { digest };
    } catch (error) {
      throw asOllamaError(whole.failure(error));
    } finally {
      whole.end();
    }
  }

  #open(path: string): Promise<LocalFile> {
    const { files } = this.#client.platform;
    if (files) return files.open(path);
    throw new OllamaError('blobs.upload takes bytes here: only @ollama-toolbelt/core/node reads files.', {
      code: 'unsupported',
      hint: 'Read the file yourself and pass its bytes as a Uint8Array.',
    });
  }
}

type Report = ((line: ProgressResponse) => void) | undefined;

/** The target of an upload. */
export interface Destination {
  client: ClientContext;
  /** The model it is for, to name it in errors. */
  model?: string | undefined;
  call: CallOptions;
  report?: Report;
}

/** The digest of a file, with progress. */
export async function hashFile(file: LocalFile, signal: AbortSignal, report: Report): Promise<string> {
  throwIfAborted(signal);
  const step = countSteps(file.size, (completed) => {
    report?.({ status: `hashing ${file.name}`, total: file.size, completed });
  });
  return file.digest(signal, step);
}

/** Sends a file that the server does not have yet, with progress. */
export async function sendFile(file: LocalFile, digest: string, to: Destination): Promise<void> {
  const { report } = to;
  const total = file.size;
  if (await hasBlob(digest, to)) {
    report?.({ status: `already on the server: ${file.name}`, digest, total, completed: total });
    return;
  }
  const step = countSteps(total, (completed) => {
    report?.({ status: `uploading ${file.name}`, digest, total, completed });
  });
  try {
    const content = file.read();
    if (content instanceof Uint8Array) {
      // Not as a stream: browsers stream uploads only over HTTP/2.
      await postBlob(digest, content, {}, to);
      step(total);
    } else {
      await postBlob(digest, counted(content, step), { 'content-length': String(total) }, to);
    }
  } catch (error) {
    // If another client uploaded the file in the meantime, the server does not read the body: it responds and closes
    // the connection.
    const isReset = error instanceof OllamaConnectionError && error.code === 'reset';
    if (!isReset || !(await hasBlob(digest, to))) throw error;
  }
}

async function hasBlob(digest: string, { client, model, call }: Destination): Promise<boolean> {
  const outgoing = { route: routes.hasBlob, path: pathOf(digest), model, accept: [200, 404] };
  const exchange = new Exchange(client, outgoing, call);
  try {
    const { status } = await exchange.open();
    await exchange.drain();
    return status === 200;
  } finally {
    exchange.end();
  }
}

async function postBlob(
  digest: string,
  body: NonNullable<TransportRequest['body']>,
  lengthHeader: Record<string, string>,
  { client, model, call }: Destination,
): Promise<void> {
  const headers = { 'content-type': 'application/octet-stream', ...lengthHeader };
  // Sending may take long, and the first byte of a response can come only after it.
  const patient = { ...call, timeouts: { ...call.timeouts, firstByteMs: 0 } };
  const outgoing = { route: routes.uploadBlob, path: pathOf(digest), model, headers, body };
  await readAnswer(client, outgoing, patient);
}

/** Ollama accepts a dash instead of the colon too; in a path both are safe. */
function pathOf(digest: string): string {
  if (typeof digest !== 'string' || !/^sha256[:-][0-9a-f]{64}$/i.test(digest)) {
    throw new OllamaError('invalid digest format', {
      code: 'bad_request',
      hint: 'A digest is "sha256:" and 64 hexadecimal digits, as blobs.upload gives it.',
    });
  }
  return `${routes.hasBlob.path}/${digest}`;
}

async function* counted(pieces: AsyncIterable<Uint8Array>, step: (count: number) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    yield piece;
    step(piece.length);
  }
}

function bytesGiven(source: unknown): Uint8Array {
  const bytes = bytesIn(source);
  if (bytes) return bytes;
  throw new OllamaError('blobs.upload was given neither bytes nor a path.', {
    code: 'bad_request',
    hint: 'Pass a Uint8Array, or in @ollama-toolbelt/core/node the path of a file.',
  });
}

function bytesAsFile(bytes: Uint8Array): LocalFile {
  return {
    name: 'bytes',
    size: bytes.length,
    digest: async (_signal, onBytes) => {
      // A page loaded over plain http from another machine has no WebCrypto.
      if (crypto.subtle === undefined) {
        throw new OllamaError('blobs.upload needs WebCrypto for the digest: open the page over https or localhost.', {
          code: 'unsupported',
        });
      }
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
      onBytes(bytes.length);
      return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    },
    read: () => bytes,
  };
}
