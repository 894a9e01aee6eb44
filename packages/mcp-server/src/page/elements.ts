/** Builds parts of the page. Text is never inserted as HTML, because names and answers are not trusted. */

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

/** Focuses an element, or the one that has replaced it. */
export function focusAgain(element: Element, otherwise: HTMLElement): void {
  (document.getElementById(element.id) ?? otherwise).focus();
}

const main = find('main');

/** Runs the work, and shows an error in that part of the page. */
export async function attempt(work: () => unknown, part: Element = main): Promise<void> {
  const alert = find('[role=alert]', part);
  alert.textContent = '';
  try {
    await work();
  } catch (error) {
    alert.textContent = (error as Error).message;
  }
}

/** Sets the action of a button. While it runs, the button keeps the focus but ignores clicks. */
export function onPress(button: HTMLElement, act: () => unknown): void {
  button.onclick = async () => {
    if (button.ariaDisabled) return;
    button.ariaDisabled = 'true';
    await attempt(act, button.closest('section,main')!);
    button.ariaDisabled = null;
  };
}

/** Makes Enter in a field press a button. A sandbox may not allow forms, which would do this. */
export function onEnter(field: HTMLElement, button: HTMLElement): void {
  field.onkeydown = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    button.click();
  };
}

/** Fills a list of choices, and keeps the selection. Hides the section if there are no choices. */
export function offerChoices(section: HTMLElement, names: readonly string[], first = ''): void {
  const select = find<HTMLSelectElement>('select', section);
  const wanted = [select.value, first, `${first}:latest`].find((name) => names.includes(name));
  select.replaceChildren(...names.map((name) => new Option(name)));
  if (wanted) select.value = wanted;
  section.hidden = !names[0];
}
