/** The table of the installed models. */
import { find, focusAgain, make, onPress } from './elements.ts';
import { number, time } from './host-context.ts';
import { confirmed } from './question.ts';
import { follow, has } from './tools.ts';

export interface Model {
  name: string;
  size: string;
  params?: string;
  quantization?: string;
  context?: number;
  capabilities?: readonly string[];
  loaded: boolean;
}

/** A loaded model, from `ollama_status`. */
export interface Loaded {
  name: string;
  memory: string;
  gpu: string;
  expires_at: string;
}

export interface Around {
  say(text: string): void;
  /** Reloads the list of models, and shows what was done. */
  refresh(done: string): Promise<void>;
}

const table = find<HTMLTableElement>('table');

/** `undefined` if unknown. */
export const can = ({ capabilities }: Model, what: string): boolean | undefined => capabilities?.includes(what);

export function showModels(models: readonly Model[], loaded: readonly Loaded[], around: Around): void {
  const focused = document.activeElement;
  const keepsFocus = table.contains(focused);
  table.hidden = !models[0];
  table.tBodies[0]!.replaceChildren(...models.map((model) => rowOf(model, loaded, around)));
  // Keep the focus on the same button, if its model is still in the list.
  if (keepsFocus) focusAgain(focused!, find('#refresh'));
}

function rowOf(model: Model, loaded: readonly Loaded[], around: Around): HTMLElement {
  const { name, size, params = '', quantization = '', context, capabilities = ['?'] } = model;
  return make(
    'tr',
    {},
    make('th', { scope: 'row' }, name, make('small', {}, `${params} ${quantization}`)),
    cell('Size', size),
    cell('Context', context ? number(context) : '?'),
    cell('Can', capabilities.join(', ')),
    cell('In memory', ...memoryOf(model, loaded)),
    actionsOf(model, around),
  );
}

/** A table cell. On a narrow page it shows its label. */
function cell(label: string, ...content: (Node | string)[]): HTMLElement {
  const made = make('td', {}, ...content);
  made.dataset['label'] = label;
  return made;
}

function memoryOf({ name, loaded }: Model, all: readonly Loaded[]): (Node | string)[] {
  const details = all.find((one) => one.name === name);
  if (!loaded || !details) return [loaded ? 'loaded' : 'no'];
  const until = new Date(details.expires_at);
  // With keep_alive -1, the date is hundreds of years from now.
  const stays = +until > Date.now() + 1e11;
  return [
    make('b', {}, `loaded, ${details.memory}`),
    make('small', {}, `${details.gpu} GPU, ${stays ? 'stays' : `until ${time(until)}`}`),
  ];
}

function actionsOf({ name, loaded }: Model, { say, refresh }: Around): HTMLElement {
  const actions = make('td', {});
  for (const label of [loaded ? 'Unload' : 'Load', 'Delete']) {
    const tool = `${label.toLowerCase()}_model`;
    // Load and Unload share an id, so the focus moves from one to the other.
    const button = make('button', { id: `${label.slice(-3)} ${name}`, ariaLabel: `${label} ${name}` }, label);
    onPress(button, async () => {
      say(`${label} ${name} …`);
      // Asks outside the row, because the list may be redrawn before the answer.
      const value = await confirmed(find('#hint'), label, (confirm) => follow(tool, { model: name, confirm })).finally(
        () => say(''),
      );
      if (value) await refresh(`${label.replace(/e?$/, 'ed')} ${name}.`);
    });
    if (has(tool)) actions.append(button);
  }
  return actions;
}
