import { cosineSimilarity, OllamaError, usageOf } from '@ollama-toolbelt/core/neutral';
import * as z from 'zod';
import { Refusal } from '../refusal.ts';
import { readTexts } from '../support/attachments.ts';
import * as fields from '../support/input-fields.ts';
import { noticeLines, ongoing, usage } from '../support/output-fields.ts';
import { splitText } from '../support/split-text.ts';
import { defineTool, readOnly } from '../tool.ts';
import type { ToolContext } from '../tool-context.ts';

const BEST = 5;
/** About 300 tokens, which small embedding models still take; less for those that do not. */
const PIECE_CHARACTERS = [1200, 600, 300] as const;
const MAX_CANDIDATES = 20_000;

const Input = z.strictObject({
  model: fields.model,
  query: z.string(),
  candidates: z.array(z.string()).optional().describe('Texts; leave out if only files are ranked'),
  files: fields.files.describe('Text files by path or glob, to cut; else leave out'),
  k: z.number().int().min(1).optional().describe(`Default ${BEST}`),
  keep_alive: fields.keep_alive,
});

const Output = z.object({
  model: z.string(),
  candidates: z.number().describe('How many were compared'),
  results: z.array(
    z.object({
      score: z.number().describe('Cosine, at most 1'),
      index: z.number().optional().describe('Place in candidates'),
      file: z.string().optional(),
      line: z.number().optional(),
      text: z.string(),
    }),
  ),
  ...ongoing,
  usage,
});
type Output = z.input<typeof Output>;

type Candidate = Omit<Output['results'][number], 'score'>;

export const rank = defineTool({
  name: 'ollama_rank',
  title: 'Rank texts by a query',
  description: 'The k texts closest in meaning to a query, by an Ollama embedding model.',
  input: Input,
  output: Output,
  annotations: readOnly,
  toolset: 'inference',
  fieldNeeds: { files: 'files', job: 'session' },
  defaultModel: 'embed',
  async run({ candidates = [], files = [], k = BEST, ...request }, context) {
    const given = candidates.map((text, index) => ({ index, text }));
    const texts = await readTexts(files, context);
    if (given.length + texts.length === 0) throw new Refusal('There is nothing to rank: give candidates or files.');
    context.partial({ value: () => ({ model: request.model, candidates: 0, results: [], usage: {} }) });
    for (const maxCharacters of PIECE_CHARACTERS) {
      const pieces = texts.flatMap(({ name, text }) =>
        splitText(text, maxCharacters).map(({ text, line }) => ({ file: name, line, text })),
      );
      try {
        return await best([...given, ...pieces], k, request, context);
      } catch (error) {
        const isTooLong = error instanceof OllamaError && error.code === 'context_exceeded';
        if (!isTooLong || pieces.length === 0 || maxCharacters === PIECE_CHARACTERS.at(-1)) throw error;
      }
    }
    throw new Error('unreachable: the last size returns or throws');
  },
  text({ model, candidates, results, notices = [] }) {
    const rows = results.map(({ score, index, file, line, text }) => {
      const place = file === undefined ? `candidate ${index}` : `${file}, line ${line}`;
      return `${score} ${place}:\n${text}`;
    });
    return [[`${results.length} of ${candidates} by ${model}:`, ...rows, ...noticeLines(notices)].join('\n')];
  },
});

async function best(
  candidates: readonly Candidate[],
  k: number,
  { query, ...request }: { model: string; query: string; keep_alive?: string | number | undefined },
  { ollama, signal, progress }: ToolContext<Output>,
): Promise<Output> {
  if (candidates.length > MAX_CANDIDATES) {
    throw new Refusal(`${candidates.length} candidates are too many; ${MAX_CANDIDATES} is the most.`);
  }
  progress.report(0, `embedding ${candidates.length} candidates with ${request.model}`);
  const input = [query, ...candidates.map(({ text }) => text)];
  const answer = await ollama.embed({ ...request, input, truncate: false }, { signal });
  const [wanted = [], ...vectors] = answer.embeddings;
  const results = candidates
    .map((candidate, index) => ({ ...candidate, score: cosineSimilarity(wanted, vectors[index] ?? []) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, k)
    .map(({ score, ...candidate }) => ({ score: Math.round(score * 1e4) / 1e4, ...candidate }));
  return { model: answer.model, candidates: candidates.length, results, usage: { ...usageOf(answer) } };
}
