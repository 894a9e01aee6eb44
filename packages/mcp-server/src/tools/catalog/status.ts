import { type InstalledModel, OllamaError, OllamaHttpError } from '@ollama-toolbelt/core/neutral';
import * as z from 'zod';
import { errorWords } from '../error-words.ts';
import { type OllamaServer, shownModel } from '../ollama-server.ts';
import { formatBytes } from '../support/format-bytes.ts';
import { JobRow, jobLine, jobRows } from '../support/job-list.ts';
import { loadedModels } from '../support/loaded-models.ts';
import { defineTool, type Need, readOnly } from '../tool.ts';
import type { ToolContext } from '../tool-context.ts';

const TIMEOUT_MS = 10_000;
const CONNECT_MS = 1500;

const Loaded = z.object({
  name: z.string(),
  memory: z.string(),
  gpu: z.string().describe('Share of the model on the GPU'),
  context: z.number().optional(),
  expires_at: z.string(),
});

const ServerStatus = z.object({
  url: z.string(),
  reachable: z.boolean(),
  version: z.string().optional(),
  models: z.number().optional().describe('How many are installed'),
  disk: z.string().optional(),
  loaded: z.array(Loaded).optional(),
  problem: z.string().optional(),
  hint: z.string().optional(),
});
type ServerStatus = z.input<typeof ServerStatus>;

const Output = z.object({
  ...ServerStatus.shape,
  servers: z.array(z.object({ server: z.string(), ...ServerStatus.shape })).optional(),
  jobs: z.array(JobRow).optional(),
});
type Output = z.input<typeof Output>;

export const status = defineTool({
  name: 'ollama_status',
  title: 'Status of Ollama',
  description: 'Reports whether the Ollama server can be reached: address, version, loaded models, disk use, jobs.',
  input: z.strictObject({}),
  output: Output,
  annotations: readOnly,
  toolset: 'models',
  hasPage: true,
  server: 'own',
  fieldNeeds: {
    jobs: 'session',
    servers: 'servers',
    ...(Object.fromEntries(Object.keys(ServerStatus.shape).map((name) => [name, 'oneServer'])) as Record<string, Need>),
  },
  async run(_, context) {
    const statuses = await Promise.all(context.servers.map((server) => serverStatus(server, context)));
    const jobs = context.session ? jobRows(context.session) : [];
    const [only] = statuses;
    const servers = statuses.map((status, index) => ({ server: context.servers[index]?.name ?? '', ...status }));
    // With several servers, the fields of a single one are left out: see `fieldNeeds`.
    const state = statuses.length === 1 ? only : { servers };
    return { ...state, ...(jobs.length > 0 && { jobs }) } as Output;
  },
  failed: ({ problem, servers }) => (servers ?? [{ problem }]).every(({ problem }) => problem !== undefined),
  text: ({ jobs = [], servers, ...server }) => {
    const lines = servers?.flatMap(({ server, ...status }) => serverLines(status).map((line) => `${server}: ${line}`));
    return [[...(lines ?? serverLines(server)), ...jobs.map(jobLine)].join('\n')];
  },
});

async function serverStatus(
  server: OllamaServer,
  { addressSetting, signal }: Pick<ToolContext, 'addressSetting' | 'signal'>,
): Promise<ServerStatus> {
  const { name, ollama } = server;
  // A sleeping machine does not refuse connections. A short timeout keeps it from delaying the other servers.
  const call = { signal, timeouts: { totalMs: TIMEOUT_MS, ...(name !== undefined && { connectMs: CONNECT_MS }) } };
  const { url } = ollama;
  try {
    const [{ version }, { models }, running] = await Promise.all([
      ollama.version(call),
      ollama.list(call),
      loadedModels(ollama, call),
    ]);
    return {
      url,
      reachable: true,
      version,
      models: models.length,
      disk: formatBytes(diskUse(models)),
      loaded: running.models.map(({ name: model, size, size_vram, context_length, expires_at }) => ({
        name: shownModel(server, model),
        memory: formatBytes(size),
        gpu: `${size > 0 ? Math.round((100 * size_vram) / size) : 0} %`,
        ...(context_length !== undefined && { context: context_length }),
        expires_at,
      })),
    };
  } catch (error) {
    if (!(error instanceof OllamaError) || error.code === 'aborted') throw error;
    const answered = error instanceof OllamaHttpError && error.code !== 'wrong_server';
    const { message: problem, hint } = errorWords(error, url, addressSetting);
    return { url, reachable: answered, problem, ...(hint !== undefined && { hint }) };
  }
}

function serverLines({ url, reachable, version, models, disk, loaded = [], problem, hint }: ServerStatus): string[] {
  if (problem !== undefined) {
    const head = reachable ? `Ollama at ${url} responds with an error` : `Ollama cannot be reached at ${url}`;
    return [`${head}: ${problem}`, ...(hint === undefined ? [] : [hint])];
  }
  const rows = loaded.map(({ name, memory, gpu, context, expires_at }) =>
    [`${name} is loaded`, memory, `${gpu} on the GPU`, context && `context ${context}`, `until ${expires_at}`]
      .filter(Boolean)
      .join(', '),
  );
  return [
    `Ollama ${version} at ${url} is reachable: ${models} models installed, ${disk} on disk.`,
    ...(rows.length > 0 ? rows : ['No model is loaded.']),
  ];
}

/** Names with the same digest are one model on disk. Layers shared by different models are counted for each. */
function diskUse(models: readonly InstalledModel[]): number {
  return [...new Map(models.map(({ digest, size }) => [digest, size])).values()].reduce((sum, size) => sum + size, 0);
}
