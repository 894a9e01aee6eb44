import type { TextlintRuleModule } from '@textlint/types';
import { houseWords } from './house-words.ts';

/** In a comment, a line break is followed by the star or the slashes of the next line. */
const withLineBreaks = (pattern: RegExp) =>
  new RegExp(pattern.source.replaceAll(' ', String.raw`\s+(?:(?:\*|//)\s+)?`), `${pattern.flags}g`);

const unwanted = houseWords.map(({ pattern, instead }) => ({ pattern: withLineBreaks(pattern), instead }));

/** The textlint rule that looks for the words in each text. */
export const unwantedWords: TextlintRuleModule = ({ Syntax, RuleError, report, getSource, locator }) => ({
  [Syntax.Str](node) {
    const text = getSource(node);
    for (const { pattern, instead } of unwanted) {
      for (const { index, 0: words } of text.matchAll(pattern)) {
        const padding = locator.range([index, index + words.length]);
        report(
          node,
          new RuleError(`"${words.replaceAll(/\s+(?:\*|\/\/)?\s*/g, ' ').trim()}": ${instead}`, { padding }),
        );
      }
    }
  },
});
