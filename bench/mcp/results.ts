import { createRequire } from 'node:module';
import type { Line } from '../row.ts';
import { stdio } from './client-transports.ts';
import type { Server } from './contestants.ts';
import type { ToolResult } from './protocol.ts';

/** A tokenizer from the dependencies of the tests. */
const { encode } = createRequire(new URL('../../test/package.json', import.meta.url))('gpt-tokenizer') as {
  encode: (text: string) => number[];
};

const texts = Array.from({ length: 20 }, (_, index) => `Text number ${index} about llamas and their wool.`);
const query = 'What is said of wool?';
const model = 'model-0:8b';

type Call = readonly [tool: string, args: object];

interface Task {
  name: string;
  ours: Call;
  /** By peer. Missing peers cannot do the task. */
  theirs: Readonly<Record<string, Call>>;
}

const vectorsOf = (input: readonly string[]): Call => ['ollama_embed', { model, input: JSON.stringify(input) }];

/** The questions of an agent, and the call to each server that answers them. */
const tasks: readonly Task[] = [
  {
    name: 'list of 20 models',
    ours: ['ollama_list_models', {}],
    theirs: { 'ollama-mcp': ['ollama_list', {}], 'ollama-mcp-server': ['list', {}] },
  },
  {
    name: 'one model',
    ours: ['ollama_show_model', { model }],
    theirs: { 'ollama-mcp': ['ollama_show', { model }], 'ollama-mcp-server': ['show', { name: model }] },
  },
  {
    name: 'embeddings of 2 texts',
    ours: ['ollama_embed', { model, input: texts.slice(0, 2) }],
    theirs: { 'ollama-mcp': vectorsOf(texts.slice(0, 2)) },
  },
  {
    // Without a ranking tool, the agent must read the vectors.
    name: 'the 5 of 20 texts closest to a query',
    ours: ['ollama_rank', { model, query, candidates: texts }],
    theirs: { 'ollama-mcp': vectorsOf([query, ...texts]) },
  },
];

/** Some hosts show their model the text of a result, some its structure, so count the longer one. */
function tokensOf({ content, structuredContent, isError }: ToolResult): number {
  const text = content.map((block) => block.text ?? '').join('\n');
  if (isError) throw new Error(`A call of the bench failed: ${text.slice(0, 300)}`);
  return Math.max(
    encode(text).length,
    structuredContent === undefined ? 0 : encode(JSON.stringify(structuredContent)).length,
  );
}

async function tokensOfCalls({ script }: Server, host: string, calls: readonly (Call | undefined)[]) {
  await using client = await stdio.open(script, host);
  await client.listTools();
  const counted: (number | undefined)[] = [];
  for (const call of calls) counted.push(call && tokensOf(await client.callTool(...call)));
  return counted;
}

/** Tokens that the results of the same tasks use in the context of a host's model. */
export async function measureResults(ours: Server, peers: readonly Server[], host: string): Promise<Line[]> {
  const own = await tokensOfCalls(
    ours,
    host,
    tasks.map((task) => task.ours),
  );
  const lines: Line[] = [];
  for (const peer of peers) {
    const other = await tokensOfCalls(
      peer,
      host,
      tasks.map((task) => task.theirs[peer.name]),
    );
    for (const [index, { name }] of tasks.entries()) {
      const [mine = Number.NaN, theirs] = [own[index], other[index]];
      if (theirs === undefined) continue;
      lines.push({
        what: `MCP: tokens of a result, ${name}`,
        against: peer.name,
        reach: '≤ 0.3×',
        measured: `${(mine / theirs).toFixed(2)}×`,
        isReached: Number((mine / theirs).toFixed(2)) <= 0.3,
        ours: `${mine} tokens`,
        theirs: `${theirs} tokens`,
      });
    }
  }
  return lines;
}
