/** Downloads of models, with progress and a cancel button. */
import { attempt, find, make, onEnter, onPress } from './elements.ts';
import { number } from './host-context.ts';
import type { Around } from './models.ts';
import { confirmed } from './question.ts';
import { follow, has, type Value } from './tools.ts';

const section = find('#download');
const field = find<HTMLInputElement>('input', section);

/** Follows the download to its end; `undefined` if the person declined. */
type Pull = (place: HTMLElement, update: (value: Value) => void, signal: AbortSignal) => Promise<Value | undefined>;

/** Names of the shown downloads. */
const shown = new Set<unknown>();

export function startDownloads(around: Around): void {
  section.hidden = !has('pull_model');
  const button = find('button', section);
  onEnter(field, button);
  button.onclick = () => {
    const model = field.value.trim();
    field.focus();
    field.value = '';
    if (model)
      void download(model, around, (place, update, signal) =>
        confirmed(place, 'Replace', (confirm) => follow('pull_model', { model, confirm }, update, signal)),
      );
  };
}

/** Shows downloads that were started by an earlier page or by the model. */
export function joinDownloads(jobs: readonly Value[], around: Around): void {
  for (const { job, tool, model, state } of jobs)
    if (tool === 'ollama_pull_model' && state === 'running' && has('job'))
      void download(model, around, (_, update, signal) => follow('job', { job, action: 'wait' }, update, signal));
}

async function download(model: unknown, { refresh }: Around, pull: Pull): Promise<void> {
  if (shown.has(model)) return;
  shown.add(model);
  const controller = new AbortController();
  const { signal } = controller;
  const text = make('span', {}, `${model}: starting`);
  const bar = make('progress', { ariaLabel: `Download of ${model}` });
  const cancel = make('button', { ariaLabel: `Cancel the download of ${model}` }, 'Cancel');
  const row = make('li', {}, text, bar, cancel);
  const update = ({ status, completed = 0, total }: { status?: string; completed?: number; total?: number }) => {
    text.textContent = `${model}: ${total ? `${megabytes(completed)} of ${megabytes(total)} MB` : status}`;
    if (total) Object.assign(bar, { max: total, value: completed });
  };
  onPress(cancel, () => controller.abort());
  find('ul', section).append(row);
  await attempt(async () => {
    const ended = await pull(row, update, signal).catch((error) => {
      if (!signal.aborted) throw error;
    });
    await refresh(
      signal.aborted
        ? `Cancelled ${model}. To resume, download it again.`
        : ended?.status
          ? `Downloaded ${model}.`
          : '',
    );
  }, section);
  shown.delete(model);
  if (row.contains(document.activeElement)) field.focus();
  row.remove();
}

const megabytes = (bytes: number) => number(Math.round(bytes / 1e6));
