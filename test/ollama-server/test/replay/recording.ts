import { readFileSync } from 'node:fs';
import type { ToolCall } from '../../src/wire/bodies.ts';
import { fullVersion, type OllamaVersion } from '../../src/wire/version.ts';

/** One recorded exchange, as in the files. */
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
    /** Missing if the connection broke. */
    status: number;
    headers: Record<string, string>;
    chunks: { text: string }[];
    complete: boolean;
  };
}

export const versions = ['0.33', '0.24'] as const satisfies OllamaVersion[];

const models = new URL('../../models/', import.meta.url);
const folderOf = (version: OllamaVersion) => new URL(`../../transcripts/${fullVersion[version]}/`, import.meta.url);

/** One folder of a version's recordings, in the order of recording. */
export function recordingsOf(version: OllamaVersion, part: '' | 'more/' | 'special/'): Recording[] {
  const folder = new URL(part, folderOf(version));
  return readFileSync(new URL('ORDER.txt', folder), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(readFileSync(new URL(`${line.split(' ')[0]}.json`, folder), 'utf8')) as Recording);
}

export const modelFile = (name: string) => readFileSync(new URL(name, models));

/** What the recordings shorten, by the mark in its place. */
const whole: Record<string, () => string | Buffer> = {
  '<2000800 bytes>': () => modelFile('pocket.gguf'),
  '<865440 bytes>': () => modelFile('pocket-embed.gguf'),
  '655 characters': () => modelFile('template.gotmpl').toString(),
  '764 characters': () => modelFile('template-thinking.gotmpl').toString(),
  '1000 characters': () => 'a'.repeat(1000),
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

export type Line = Record<string, unknown> & {
  message?: { content: string; thinking?: string; tool_calls?: ToolCall[] };
  response?: string;
  thinking?: string;
  tool_calls?: ToolCall[];
  error?: string;
};

/** The JSON objects of the answer. */
export const linesOf = ({ response }: Recording): Line[] =>
  response.chunks
    .map(({ text }) => text)
    .join('')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
