import * as z from 'zod';
import { Refusal } from '../refusal.ts';
import * as fields from '../support/input-fields.ts';
import { noticeLines, ongoing, usage } from '../support/output-fields.ts';
import { rankFiles } from '../support/rank-files.ts';
import { named, Ranking } from '../support/ranking.ts';
import { defineTool, readOnly } from '../tool.ts';

const BEST = 5;
const MAX_CANDIDATES = 20_000;
const MAX_FILES = 10_000;

const Input = z.strictObject({
  model: fields.model,
  query: z.string(),
  candidates: z.array(z.string()).optional().describe('Texts; omit if only files are ranked'),
  files: fields.files.describe('Text files by path or glob, ranked in parts; otherwise omit'),
  k: z.number().int().min(1).optional().describe(`Default ${BEST}`),
  keep_alive: fields.keep_alive,
});

const Output = z.object({
  model: z.string(),
  candidates: z.number().describe('How many were compared'),
  results: z.array(
    z.object({
      score: z.number().describe('Cosine similarity, at most 1'),
      index: z.number().optional().describe('Index in candidates'),
      file: z.string().optional(),
      line: z.number().optional(),
      text: z.string(),
    }),
  ),
  ...ongoing,
  usage,
});
export const rank = defineTool({
  name: 'ollama_rank',
  title: 'Rank texts by a query',
  description: 'Finds the k texts or parts of files closest in meaning to a query, with an Ollama embedding model.',
  input: Input,
  output: Output,
  annotations: readOnly,
  toolset: 'inference',
  fieldNeeds: { files: 'files', job: 'session' },
  defaultModel: 'embed',
  async run({ candidates = [], files = [], k = BEST, query, ...request }, context) {
    const { ollama, signal, progress, partial, files: access } = context;
    if (candidates.length > MAX_CANDIDATES) {
      throw new Refusal(`${candidates.length} candidates are too many; ${MAX_CANDIDATES} is the most.`);
    }
    if (files.length > 0 && access === undefined) throw new Refusal('No folder is allowed.', 'See --allow-dir.');
    const found = (await access?.find(files, { most: MAX_FILES, signal })) ?? [];
    if (candidates.length + found.length === 0) {
      throw new Refusal('There is nothing to rank: pass candidates or files.');
    }
    if (query === '') throw new Refusal('query is empty.');
    const empty = candidates.indexOf('');
    if (empty >= 0) throw new Refusal(`candidates[${empty}] is empty.`, 'Leave it out.');
    const ranking = new Ranking(request.model, k);
    partial({ value: () => ranking.value(), isWorthIt: () => ranking.count > 0 });
    progress.report(0, `embedding ${candidates.length || 'the query'} with ${request.model}`);
    const embed = (input: string[], embedCache: boolean) =>
      ollama.embed({ ...request, input, truncate: false }, { signal, embedCache });
    const given = candidates.map((text, index) => ({ index, text }));
    // Only parts of files are likely to be embedded again, so nothing else is cached.
    const nameOf = (index: number) => (index === 0 ? 'query' : `candidates[${index - 1}]`);
    const begin = async () => ranking.begin(given, await embed([query, ...candidates], false).catch(named(nameOf)));
    if (access === undefined || found.length === 0) {
      await begin();
      return ranking.value();
    }
    const ways = { begin, embed: (texts: string[]) => embed(texts, true), ranking, progress, signal };
    const { notices, isPartial } = await rankFiles(found, access, ways);
    const all = [...notices, ...notKept(access.vectorsProblem)];
    return { ...ranking.value(), ...(isPartial && { partial: true }), ...(all.length > 0 && { notices: all }) };
  },
  text({ model, candidates, results, notices = [] }) {
    const rows = results.map(({ score, index, file, line, text }) => {
      const place = file === undefined ? `candidate ${index}` : `${file}, line ${line}`;
      return `${score} ${place}:\n${text}`;
    });
    return [[`${results.length} of ${candidates} by ${model}:`, ...rows, ...noticeLines(notices)].join('\n')];
  },
});

const notKept = (problem: string | undefined) =>
  problem === undefined
    ? []
    : [{ code: 'vectors_not_kept', message: `The next call embeds these files again: ${problem}. See --cache-dir.` }];
