import { OllamaError } from '../errors/errors.ts';
import { readInput } from '../errors/unexpected.ts';
import { AnswerLines } from '../http/answer-lines.ts';

import type { Cancel } from '../http/cancel.ts';
import { checkRequest } from '../http/check-request.ts';
import type { ClientContext } from '../http/client-context.ts';
import { readTransferOptions } from '../http/known-options.ts';
import { MultiRequestCall } from '../http/multi-request-call.ts';
import { modelOf, outgoing } from '../http/outgoing.ts';
import { OllamaStream } from '../http/stream.ts';
import { convertModelfile } from '../modelfile/convert.ts';
import { modelWithoutFiles } from '../modelfile/local-path.ts';
import type { References } from '../modelfile/modelfile.ts';
import { parseModelfile, readModelfile } from '../modelfile/parse.ts';
import type { CallOptions, CreateStreamOptions } from '../options.ts';
import type { LocalFile, ResolvedReferences } from '../platform.ts';
import type { CreateRequest, ProgressResponse } from '../schemas/interfaces.ts';
import { type Accumulator, accumulateProgress } from '../wire/accumulate.ts';
import type { CreateResponse } from '../wire/answer-types.ts';
import { routes } from '../wire/routes.ts';
import { hashFile, sendFile } from './blobs.ts';
import { reportedLines } from './progress.ts';
import { runParallel } from './run-parallel.ts';

/** How many files are read or sent at a time. */
const FILES_AT_ONCE = 3;

/**
 * Creates a model. The server accepts no Modelfile, so this converts it to the other fields: it hashes the files,
 * uploads those the server lacks, and names them by their digests. Fields of the request override the Modelfile.
 */
export function createModel(
  client: ClientContext,
  request: CreateRequest,
  options: CreateStreamOptions,
): OllamaStream<CreateResponse> {
  const accumulator: Accumulator<CreateResponse> = accumulateProgress();
  const send = (body: CreateRequest, own: CallOptions, left: Cancel) =>
    new AnswerLines(client, () => outgoing(routes.create, body), accumulator, own, left);

  async function* open(left: Cancel) {
    const { modelfile, ...given } = readInput('The request', () => {
      checkRequest(request);
      return { ...request };
    });
    const { baseDir, ...call } = readTransferOptions(options);
    if (modelfile === undefined || modelfile === null) yield* send(given, call, left);
    else yield* fromModelfile(textOf(modelfile), given, baseDir, call, left);
  }

  async function* fromModelfile(
    text: string,
    given: CreateRequest,
    baseDir: string | undefined,
    call: CallOptions,
    left: Cancel,
  ) {
    const model = modelOf(given);
    // A FROM from `ollama show` is a path on the server: `from` in the request replaces it, or a missing FROM.
    const saysFrom = given.from !== undefined || given.files !== undefined;
    const { fields, references, notices } = convertModelfile(saysFrom ? readModelfile(text) : parseModelfile(text));
    if (saysFrom) references.from = [];
    const whole = new MultiRequestCall(client, routes.create, model, call, left.signal);
    try {
      const files = yield* reportedLines<CreateResponse, Partial<CreateRequest>>((report) =>
        uploadReferences(client, model, references, baseDir, whole, report),
      );
      for await (const lines of send(merged({ ...fields, ...files }, given), whole.part(), left)) {
        const last = lines.at(-1);
        if (last?.status === 'success' && notices.length > 0) yield [...lines.slice(0, -1), { ...last, notices }];
        else yield lines;
      }
    } catch (error) {
      throw whole.failure(error);
    } finally {
      whole.end();
    }
  }

  return new OllamaStream({
    accumulator,
    open,
    finish: (last) => last,
  });
}

function textOf(modelfile: unknown): string {
  if (typeof modelfile === 'string') return modelfile;
  throw new OllamaError('modelfile is not text.', {
    code: 'bad_request',
    hint: 'Pass what the Modelfile says, as one text, such as "FROM llama3.2".',
    option: 'modelfile',
  });
}

/** Fields of the request override the Modelfile; parameters one by one. */
function merged(fields: CreateRequest, given: CreateRequest): CreateRequest {
  const parameters = { ...fields.parameters, ...present(given.parameters) };
  return { ...fields, ...present(given), ...(Object.keys(parameters).length > 0 && { parameters }) };
}

const present = (fields?: object | null): object =>
  Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== undefined && value !== null));

/** The fields for FROM, ADAPTER and DRAFT, after their files are on the server. */
async function uploadReferences(
  client: ClientContext,
  model: string | undefined,
  references: References,
  baseDir: string | undefined,
  call: MultiRequestCall,
  report: (line: ProgressResponse) => void,
): Promise<Partial<CreateRequest>> {
  const { from, ...groups } = await resolve(client, references, baseDir);
  const digests = new Map<LocalFile, string>();
  await runParallel(Object.values(groups).flat(), FILES_AT_ONCE, call.signal, async (file, signal) => {
    digests.set(file, await hashFile(file, signal, report));
  });
  // Of files with the same content only one is sent.
  const unique = [...new Map([...digests].map(([file, digest]) => [digest, file]))];
  await runParallel(unique, FILES_AT_ONCE, call.signal, ([digest, file], signal) =>
    sendFile(file, digest, { client, model, call: call.part(signal), report }),
  );
  const named = Object.entries(groups)
    .filter(([, files]) => files.length > 0)
    .map(([field, files]) => [field, Object.fromEntries(files.map((file) => [file.name, digests.get(file)]))]);
  return { ...Object.fromEntries(named), ...(from !== undefined && { from }) };
}

async function resolve(
  { platform }: ClientContext,
  references: References,
  baseDir: string | undefined,
): Promise<ResolvedReferences> {
  if (platform.files) return platform.files.resolve(references, baseDir);
  return { from: modelWithoutFiles(references), files: [], adapters: [], draft_files: [] };
}
