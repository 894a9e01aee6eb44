import type { OllamaVersion } from '../../src/index.ts';
import { type Recording, recordingsOf } from './recording.ts';
import { send } from './send.ts';

/** The requests that create the models, in the plain recordings. */
const making = ['blob-create', 'create-from-files', 'create-thinking', 'blob-create-embed', 'create-embed'];

/** The three models of the additional recordings: like those of the plain ones, but without a license. */
export async function installModels(host: string, version: OllamaVersion): Promise<void> {
  const recordings = new Map(recordingsOf(version, '').map((recording) => [recording.name, recording]));
  for (const name of making) await send(host, withoutLicense(recordings.get(name)!));
}

function withoutLicense(recording: Recording): Recording {
  const { body, ...request } = recording.request;
  if (body === undefined) return recording;
  const { license: _, ...rest } = body as { license?: unknown };
  return { ...recording, request: { ...request, body: rest } };
}
