/** Parts of the page. Texts go in as text and never as HTML: names and answers come from anywhere. */

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export const find = <Found extends HTMLElement>(selector: string, within: ParentNode = document): Found =>
  within.querySelector<Found>(selector)!;

/** Focuses what has the place of an element by now, which may have been made again. */
export function focusAgain(element: Element, otherwise: HTMLElement): void {
  (document.getElementById(element.id) ?? otherwise).focus();
}

const main = find('main');

/** Does it, and says in that part of the page what went wrong. */
export async function attempt(work: () => unknown, part: Element = main): Promise<void> {
  const alert = find('[role=alert]', part);
  alert.textContent = '';
  try {
    await work();
  } catch (error) {
    alert.textContent = (error as Error).message;
  }
}

/** What a button does. While it works, the button keeps the focus, and does not begin again. */
export function onPress(button: HTMLElement, act: () => unknown): void {
  button.onclick = async () => {
    if (button.ariaDisabled) return;
    button.ariaDisabled = 'true';
    await attempt(act, button.closest('section,main')!);
    button.ariaDisabled = null;
  };
}

/** Enter in a field presses a button: where a sandbox allows no forms, nothing else would. */
export function onEnter(field: HTMLElement, button: HTMLElement): void {
  field.onkeydown = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    button.click();
  };
}

/** Fills a list of choices, and keeps what was chosen. A part of the page that has nothing to choose from is not there. */
export function offerChoices(section: HTMLElement, names: readonly string[], first = ''): void {
  const select = find<HTMLSelectElement>('select', section);
  const wanted = [select.value, first, `${first}:latest`].find((name) => names.includes(name));
  select.replaceChildren(...names.map((name) => new Option(name)));
  if (wanted) select.value = wanted;
  section.hidden = !names[0];
}
