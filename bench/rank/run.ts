/** Time for the MCP server to rank 2,000 files for the first time, again, and after some have changed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { delay, raw, startScripted } from '@ollama-toolbelt/ollama-server';
import { call, connect } from '../../test/fixtures/mcp/connect.ts';

const FILES = 2000;
const CHANGED = 20;
/** Time of a small model on a GPU for about 300 tokens. A CPU takes ten times as long. */
const MS_PER_TEXT = 5;
const DIMENSIONS = 768;

const root = mkdtempSync(join(tmpdir(), 'toolbelt-rank-'));
const docs = join(root, 'docs');
const textOf = (index: number, version: number) =>
  Array.from({ length: 60 }, (_, line) => `Line ${line} of file ${index}, version ${version}, with some words.`).join(
    '\n',
  );
const write = (index: number, version: number) => writeFileSync(join(docs, `${index}.md`), textOf(index, version));

await using server = await startScripted();
let texts = 0;
server.always.embed(({ body }) => {
  const input = body['input'] as string[];
  texts += input.length;
  const embeddings = input.map((text) =>
    Array.from({ length: DIMENSIONS }, (_, at) => Math.fround(Math.sin(text.length + at))),
  );
  const headers = { 'Content-Type': 'application/json' };
  const answer = JSON.stringify({ model: body['model'], embeddings });
  return raw({ headers, headersFirst: false, body: [delay(input.length * MS_PER_TEXT), answer] });
});

try {
  mkdirSync(docs);
  for (let index = 0; index < FILES; index++) write(index, 1);
  let first = 0;
  for (const title of ['first call', 'second call', `${CHANGED} files changed`]) {
    if (title.endsWith('changed')) for (let index = 0; index < CHANGED; index++) write(index, 2);
    // A new process each time, as after a restart of the host.
    await using connection = await connect({
      host: server.host,
      args: ['--allow-dir', docs, '--cache-dir', join(root, 'cache'), '--budget-ms', '0'],
      env: { OLLAMA_MCP_CACHE_MB: '' },
    });
    texts = 0;
    const start = performance.now();
    const arguments_ = { model: 'embedding-model', query: 'version', files: ['**/*.md'] };
    const { structured, text } = await call(connection, 'ollama_rank', arguments_, { timeout: 600_000 });
    const ms = performance.now() - start;
    first ||= ms;
    const ratio = (ms / first).toFixed(3);
    console.log(
      `${title.padEnd(18)} ${(ms / 1000).toFixed(2).padStart(7)} s (x${ratio}); texts sent: ${texts}; ${structured?.['candidates'] ?? text} parts`,
    );
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
