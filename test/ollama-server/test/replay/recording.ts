import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One recorded exchange, as the files hold it. */
export interface Recording {
  name: string;
  request: {
    method: string;
    path: string;
    headers?: Record<string, string>;
    body?: unknown;
    rawBody?: string;
    closedByClientAfterChunks?: number;
  };
  response: {
    status: number;
    headers: Record<string, string>;
    chunks: { text: string }[];
    complete: boolean;
  };
}

const folder = new URL('../../transcripts/0.33.0-rc2/', import.meta.url);
const models = new URL('../../models/', import.meta.url);
const read = (path: string): Recording => JSON.parse(readFileSync(new URL(path, folder), 'utf8'));

/** The plain folder, in the order in which it was recorded. */
export const plainRecordings = (): Recording[] =>
  readFileSync(new URL('ORDER.txt', folder), 'utf8')
    .trim()
    .split('\n')
    .map((line) => read(`${line.split(' ')[0]}.json`));

/** By name: what needed more than a plain server. */
export const specialRecordings = (): Map<string, Recording> =>
  new Map(
    readdirSync(fileURLToPath(new URL('special/', folder)))
      .filter((file) => file.endsWith('.json'))
      .map((file) => [file.replace('.json', ''), read(`special/${file}`)]),
  );

export const modelFile = (name: string) => readFileSync(new URL(name, models));

/** What the recordings cut short, by the mark that stands in its place. */
const whole: Record<string, () => string | Buffer> = {
  '<2000800 bytes>': () => modelFile('pocket.gguf'),
  '<865440 bytes>': () => modelFile('pocket-embed.gguf'),
  '655 characters': () => modelFile('template.gotmpl').toString(),
  '764 characters': () => modelFile('template-thinking.gotmpl').toString(),
  '3900 characters': () => 'Hello there. '.repeat(300),
  '32500 characters': () => 'Hello there. '.repeat(2500),
  '39000 characters': () => 'Hello there. '.repeat(3000),
};

function restored(text: string): string | Buffer {
  const [, mark] = /(?:^|… <)(<\d+ bytes>|\d+ characters)(?: in all>)?$/.exec(text) ?? [];
  if (mark === undefined) return text;
  const make = whole[mark];
  if (make === undefined) throw new Error(`nothing is known to be behind ${mark}`);
  return make();
}

const restoredDeep = (value: unknown): unknown => {
  if (typeof value === 'string') return restored(value);
  if (Array.isArray(value)) return value.map(restoredDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, restoredDeep(item)]));
};

/** The bytes that were sent. */
export function requestBody({ request }: Recording): string | Buffer | undefined {
  if (request.rawBody !== undefined) return restored(request.rawBody);
  return request.body === undefined ? undefined : JSON.stringify(restoredDeep(request.body));
}
