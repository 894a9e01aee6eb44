/** A small chat for trying a model. */
import { attempt, find, make, offerChoices, onEnter } from './elements.ts';
import { can, type Model } from './models.ts';
import { follow, has, offer, type Value } from './tools.ts';

const section = find('#chat');
const log = find('[role=log]', section);
const select = find<HTMLSelectElement>('select', section);
const field = find<HTMLTextAreaElement>('textarea', section);
const send = find('button', section);

let messages: object[] = [];
let running: AbortController | undefined;

/** Stops the running answer, also when the page is closed. */
export const stopChat = (): void => running?.abort();

export function startChat(refresh: () => void): void {
  // It scrolls, so it must be reachable with the keyboard.
  log.tabIndex = 0;
  onEnter(field, send);
  send.onclick = async () => {
    if (running) return stopChat();
    const content = field.value.trim();
    field.focus();
    if (!content) return;
    field.value = '';
    await attempt(() => ask(content), section);
    // The model has been loaded.
    refresh();
  };
  // A different model starts a new conversation.
  select.onchange = () => {
    stopChat();
    messages = [];
    log.replaceChildren();
    log.hidden = true;
  };
}

export function offerChat(models: readonly Model[]): void {
  const names = models.filter((model) => has('chat') && can(model, 'completion') !== false).map(({ name }) => name);
  offerChoices(section, names, offer.models.chat);
}

async function ask(content: string): Promise<void> {
  running = new AbortController();
  const { signal } = running;
  const model = select.value;
  const asked = [...messages, { role: 'user', content }];
  let text = '';
  works(true);
  add('h3', 'You');
  add('p', content);
  add('h3', model);
  const answer = add('p', '…');
  const update = ({ text: soFar, status }: Value) => {
    text = (soFar as string) || text;
    answer.textContent = text || status || '';
    scroll();
  };
  try {
    const value = await follow('chat', { model, messages: asked }, update, signal);
    update(value);
    for (const { message } of (value['notices'] ?? []) as { message: string }[]) add('small', message);
  } catch (error) {
    if (!signal.aborted) throw error;
    add('small', 'stopped');
  } finally {
    answer.textContent = text;
    // A question without an answer is not sent to the model again.
    if (text) messages = [...asked, { role: 'assistant', content: text }];
    else field.value ||= content;
    running = undefined;
    works(false);
  }
}

function works(isAt: boolean): void {
  send.textContent = isAt ? 'Stop' : 'Send';
  // Makes screen readers read the answer once, when it is complete.
  log.ariaBusy = `${isAt}`;
  log.hidden = false;
}

function add(tag: 'h3' | 'p' | 'small', text: string): HTMLElement {
  const entry = make(tag, {}, text);
  log.append(entry);
  scroll();
  return entry;
}

const scroll = () => log.scrollTo(0, 1e6);
