import { focusAgain, make, onPress } from './elements.ts';
import type { Question } from './tools.ts';

/**
 * Asks next to the affected part: in a frame as tall as its content, a dialog in the middle could be out of sight.
 */
const ask = (place: HTMLElement, question: string, yes: string): Promise<boolean> =>
  new Promise((resolve) => {
    const before = document.activeElement as HTMLElement;
    const agree = make('button', {}, yes);
    const refuse = make('button', {}, 'Keep it');
    const box = make(
      'dialog',
      { open: true, role: 'alertdialog', ariaLabel: question },
      make('p', {}, question),
      agree,
      refuse,
    );
    const answer = (agreed: boolean) => {
      focusAgain(before, before);
      box.remove();
      resolve(agreed);
    };
    onPress(agree, () => answer(true));
    onPress(refuse, () => answer(false));
    // Returns nothing: `false` would disable the other keys.
    box.onkeydown = ({ key }) => {
      if (key === 'Escape') answer(false);
    };
    place.append(box);
    // Pressing Enter must not do something that cannot be undone.
    refuse.focus();
  });

/**
 * Runs an action that may destroy something. The server asks first: through the host if that can ask, else here.
 *
 * @returns `undefined` if the person declines.
 */
export async function confirmed<Done>(
  place: HTMLElement,
  yes: string,
  act: (confirm?: string) => Promise<Done>,
): Promise<Done | undefined> {
  try {
    return await act();
  } catch (error) {
    const { confirm, message } = error as Question;
    if (!confirm) throw error;
    return (await ask(place, message, yes)) ? act(confirm) : undefined;
  }
}
