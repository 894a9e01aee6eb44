import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as schemas from '@ollama-toolbelt/core/schemas';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

/** One recorded exchange with a real server. */
interface Recorded {
  file: string;
  request: { method: string; path: string; body?: unknown };
  response: { status: number; complete?: boolean; chunks: { text: string }[] };
}

const folder = join(import.meta.dirname, '../ollama-server/transcripts');
const recordings: Recorded[] = globSync('*/**/*.json', { cwd: folder })
  .sort()
  .map((file) => ({ file, ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<Recorded, 'file'>) }));

const bodies: Record<string, { request?: z.ZodType; response: z.ZodType }> = {
  'POST /api/generate': { request: schemas.GenerateRequest, response: schemas.GenerateResponse },
  'POST /api/chat': { request: schemas.ChatRequest, response: schemas.ChatResponse },
  'POST /api/embed': { request: schemas.EmbedRequest, response: schemas.EmbedResponse },
  'POST /api/embeddings': { request: schemas.EmbeddingsRequest, response: schemas.EmbeddingsResponse },
  'GET /api/tags': { response: schemas.ListResponse },
  'GET /api/ps': { response: schemas.PsResponse },
  'POST /api/show': { request: schemas.ShowRequest, response: schemas.ShowResponse },
  'POST /api/copy': { request: schemas.CopyRequest, response: schemas.EmptyResponse },
  'DELETE /api/delete': { request: schemas.DeleteRequest, response: schemas.EmptyResponse },
  'POST /api/create': { request: schemas.CreateRequest, response: schemas.ProgressResponse },
  'POST /api/pull': { request: schemas.PullRequest, response: schemas.ProgressResponse },
  'POST /api/push': { request: schemas.PushRequest, response: schemas.ProgressResponse },
  'GET /api/version': { response: schemas.VersionResponse },
  'GET /api/status': { response: schemas.StatusResponse },
};

const schemasOf = ({ request }: Recorded) => bodies[`${request.method} ${request.path}`];
const good = recordings.filter((recorded) => recorded.response.status === 200 && schemasOf(recorded));

/** The JSON values of a response, without a last line that the recording truncated and without error lines. */
function valuesOf({ response }: Recorded): object[] {
  const lines = response.chunks
    .map(({ text }) => text)
    .join('')
    .split('\n');
  const last = lines.pop() ?? '';
  const whole = response.complete === false || last === '' ? lines : [...lines, last];
  return whole.map((line) => JSON.parse(line) as object).filter((value) => !('error' in value));
}

test('both servers are there, with every route', () => {
  expect([...new Set(recordings.map(({ file }) => file.split('/')[0]))]).toEqual(['0.24.0', '0.33.0-rc2']);
  const seen = new Set(good.map(({ request }) => `${request.method} ${request.path}`));
  expect([...seen].sort()).toEqual(Object.keys(bodies).sort());
  expect(good.length).toBeGreaterThan(200);
});

describe('every recorded response matches the schema of its route and loses nothing', () => {
  test.each(good)('$file', (recorded) => {
    const { response } = schemasOf(recorded)!;
    for (const value of valuesOf(recorded)) expect(response.parse(value)).toEqual(value);
  });
});

/** Stricter than the server on purpose: each of these is a mistake that it accepts. */
const mistakes = [
  'chat-bad-role',
  // No text to embed.
  ...['embed-no-input', 'embed-load', 'embed-load-again', 'embed-unload-by-embed', 'embed-null'],
  // null, or no value, for an optional field.
  ...['keep-alive-null', 'format-null', 'format-empty', 'options-null', 'option-temperature_null'],
  ...['prompt-null', 'system-null', 'message-no-content'],
  // A fraction of a token, and a parameter of the wrong type.
  ...['option-num_ctx_fraction', 'option-repeat_last_n', 'create-parameters-wrong'],
];
const isMistake = ({ file }: Recorded) => mistakes.some((name) => file.endsWith(`/${name}.json`));

describe('every recorded request that the server accepted matches the schema of its route', () => {
  test.each(good.filter((recorded) => schemasOf(recorded)?.request && !isMistake(recorded)))('$file', (recorded) => {
    expect(schemasOf(recorded)!.request!.safeParse(recorded.request.body).error?.issues).toBeUndefined();
  });
});

test.each(good.filter(isMistake))('a mistake is reported, although the server accepts it: $file', (recorded) => {
  expect(schemasOf(recorded)!.request!.safeParse(recorded.request.body).success).toBe(false);
});

describe('every field has a description', () => {
  test.each(Object.entries(bodies).flatMap(([route, { request }]) => (request ? [[route, request] as const] : [])))(
    '%s',
    (_, request) => {
      const { shape } = request as z.ZodObject;
      const describes = (field: unknown): boolean =>
        (field as z.ZodType).description !== undefined || (field instanceof z.ZodOptional && describes(field.unwrap()));
      const silent = Object.entries(shape).filter(([, field]) => !describes(field));
      expect(silent.map(([name]) => name)).toEqual([]);
    },
  );
});
