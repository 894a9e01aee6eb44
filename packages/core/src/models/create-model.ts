import type { TransferOptions } from '../client.ts';
import type { Connection } from '../http/exchange.ts';
import { LongCall } from '../http/multi-request-call.ts';
import { readAnswerLines } from '../http/read-answer.ts';
import type { LocalFile, ResolvedReferences } from '../local-files.ts';
import { convertModelfile, type References } from '../modelfile/convert.ts';
import { modelWithoutFiles } from '../modelfile/local-path.ts';
import { parseModelfile } from '../modelfile/parse.ts';
import type { CallOptions } from '../options.ts';
import type { CreateRequest, ProgressResponse } from '../schemas/transfers.ts';
import type { Accumulator } from '../wire/accumulate.ts';
import type { CreateResponse } from '../wire/answer-types.ts';
import { wireBody } from '../wire/request-body.ts';
import { operations } from '../wire/routes.ts';
import { hashFile, sendFile } from './blobs.ts';
import { reported } from './reported.ts';
import { inParallel } from './run-parallel.ts';

/** Files that are read or sent at a time. */
const FILES_AT_ONCE = 3;

/** Options of `createStream`. */
export interface CreateStreamOptions extends CallOptions {
  /** Folder that the paths of the Modelfile start from, in `/node`. @default the working directory */
  baseDir?: string | undefined;
}

/** Options of `create`. */
export interface CreateOptions extends CreateStreamOptions, TransferOptions {}

/**
 * Makes a model; the lines come in batches. A Modelfile becomes the other fields here, as the server takes no such text: its files are
 * hashed, sent where the server lacks them, and named by their digests. What the request says itself beats the Modelfile.
 */
export async function* createModel(
  connection: Connection,
  request: CreateRequest,
  options: CreateStreamOptions,
  accumulator: Accumulator<CreateResponse>,
  left: AbortSignal,
): AsyncGenerator<readonly CreateResponse[], void, undefined> {
  const { baseDir, ...call } = options;
  const { modelfile, ...given } = request;
  const model = request.model ?? request.name;
  if (modelfile === undefined) return yield* create(connection, given, call, accumulator, left);

  const { fields, references, notices } = convertModelfile(parseModelfile(modelfile));
  // A FROM of `ollama show` is a path on the server: `from` in the request stands in for it.
  if (given.from !== undefined || given.files !== undefined) references.from = [];
  const whole = new LongCall(connection, operations.create, model, call, left);
  try {
    const files = yield* reported<CreateResponse, Partial<CreateRequest>>((report) =>
      uploadReferences(connection, model, references, baseDir, whole, report),
    );
    const body = merged({ ...fields, ...files }, given);
    for await (const lines of create(connection, body, whole.part(), accumulator, left)) {
      yield notices.length === 0
        ? lines
        : lines.map((line) => (accumulator.isLast(line) ? { ...line, notices } : line));
    }
  } catch (error) {
    throw whole.failure(error);
  } finally {
    whole.end();
  }
}

/** What is given beats what the Modelfile says; of the parameters, one by one. */
function merged(fields: CreateRequest, given: CreateRequest): CreateRequest {
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const parameters = { ...fields.parameters, ...given.parameters };
  return { ...fields, ...said, ...(Object.keys(parameters).length > 0 && { parameters }) };
}

function create(
  connection: Connection,
  body: CreateRequest,
  call: CallOptions,
  accumulator: Accumulator<CreateResponse>,
  left: AbortSignal,
) {
  const operation = operations.create;
  const outgoing = { operation, model: body.model ?? body.name, body: wireBody(operation, body) };
  return readAnswerLines(connection, () => outgoing, accumulator, call, left);
}

/** The fields for FROM, ADAPTER and DRAFT, once their files are on the server. */
async function uploadReferences(
  connection: Connection,
  model: string | undefined,
  references: References,
  baseDir: string | undefined,
  call: LongCall,
  report: (line: ProgressResponse) => void,
): Promise<Partial<CreateRequest>> {
  const { from, ...groups } = await resolve(connection, references, baseDir);
  const digests = new Map<LocalFile, string>();
  await inParallel(Object.values(groups).flat(), FILES_AT_ONCE, call.signal, async (file, signal) => {
    digests.set(file, await hashFile(file, signal, report));
  });
  // Of files with the same content one is sent.
  const unique = [...new Map([...digests].map(([file, digest]) => [digest, file]))];
  await inParallel(unique, FILES_AT_ONCE, call.signal, ([digest, file], signal) =>
    sendFile(file, digest, { connection, model, call: call.part(signal), report }),
  );
  const named = Object.entries(groups)
    .filter(([, files]) => files.length > 0)
    .map(([field, files]) => [field, Object.fromEntries(files.map((file) => [file.name, digests.get(file)]))]);
  return { ...Object.fromEntries(named), ...(from !== undefined && { from }) };
}

async function resolve(
  { platform }: Connection,
  references: References,
  baseDir: string | undefined,
): Promise<ResolvedReferences> {
  if (platform.files) return platform.files.resolve(references, baseDir);
  return { from: modelWithoutFiles(references), files: [], adapters: [], draft_files: [] };
}
