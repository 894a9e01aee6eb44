/** Ranks lines by meaning, closest to a query first. */
import { find, make, offerChoices, onEnter, onPress } from './elements.ts';
import { number } from './host-context.ts';
import { can, type Model } from './models.ts';
import { follow, has, offer } from './tools.ts';

const section = find('#rank');

export function startRank(): void {
  const lines = find<HTMLTextAreaElement>('textarea', section);
  const field = find<HTMLInputElement>('input', section);
  const button = find('button', section);
  const list = find('ol', section);
  onEnter(field, button);
  onPress(button, async () => {
    const candidates = lines.value.split('\n').filter((line) => line.trim());
    const query = field.value.trim();
    list.replaceChildren();
    if (!query) return field.focus();
    const { value: model } = find<HTMLSelectElement>('select', section);
    const { results } = await follow('rank', { model, query, candidates, k: candidates.length });
    for (const { score, text } of results as { score: number; text: string }[])
      list.append(make('li', {}, `${text} `, make('small', {}, number(score))));
  });
}

export function offerRank(models: readonly Model[]): void {
  const names = models.filter((model) => has('rank') && can(model, 'embedding')).map(({ name }) => name);
  offerChoices(section, names, offer.models.embed);
}
