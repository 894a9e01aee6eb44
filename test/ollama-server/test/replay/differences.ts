import type { NormalForm } from './normal-form.ts';

/** The differences between two responses, one line each: `body.0.message.content: ours "…", theirs "…"`. */
export function differences(ours: NormalForm, theirs: NormalForm): string[] {
  return [...compare(ours, theirs, '')];
}

const isFields = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const short = (value: unknown) => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length})` : text;
};

function* compare(ours: unknown, theirs: unknown, path: string): Generator<string> {
  if (!isFields(ours) || !isFields(theirs)) {
    if (ours !== theirs) yield `${path}: ours ${short(ours)}, theirs ${short(theirs)}`;
    return;
  }
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length !== theirs.length) {
    yield `${path}: ours has ${ours.length}, theirs ${theirs.length}: ${short(ours)} and ${short(theirs)}`;
    return;
  }
  const inOrder = path.startsWith('body');
  const [keys, theirKeys] = [Object.keys(ours), Object.keys(theirs)];
  if (inOrder && keys.join() !== theirKeys.join()) yield `${path}: keys ${keys.join()}, theirs ${theirKeys.join()}`;
  for (const key of new Set([...keys, ...theirKeys])) {
    yield* compare(ours[key], theirs[key], path === '' ? key : `${path}.${key}`);
  }
}
