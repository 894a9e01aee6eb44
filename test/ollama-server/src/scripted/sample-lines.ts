import { chatLines, generateLines } from '../wire/answer-lines.ts';
import { goJson, type JsonObject } from '../wire/json.ts';
import type { RecordedRequest } from '../wire/recorded-request.ts';

const metrics = {
  total_duration: 30_000_000,
  load_duration: 1_000_000,
  prompt_eval_count: 12,
  prompt_eval_duration: 4_000_000,
  eval_count: 2,
  eval_duration: 20_000_000,
};

export interface SampleLines {
  /** Lines in the middle of a response, each with its newline. */
  begin: string[];
  /** The last line. */
  end: string;
}

/** A short correct response for the requested route, for the faults to modify. */
export function sampleLines(request: RecordedRequest): SampleLines {
  const lines = (begin: JsonObject[], end: JsonObject) => ({ begin: begin.map(asLine), end: asLine(end) });
  const model = String(request.body['model'] ?? '');
  if (request.path === '/api/chat' || request.path === '/api/generate') {
    const maker = (request.path === '/api/chat' ? chatLines : generateLines)(model);
    const begin = ['Hel', 'lo'].map((text) => maker.delta({ text }));
    return lines(begin, maker.done({ reason: 'stop', metrics }));
  }
  const layer = { status: 'pulling abababababab', digest: `sha256:${'ab'.repeat(32)}`, total: 2000 };
  return lines([{ status: 'pulling manifest' }, { ...layer, completed: 1000 }], { status: 'success' });
}

const asLine = (line: JsonObject) => `${goJson(line)}\n`;
