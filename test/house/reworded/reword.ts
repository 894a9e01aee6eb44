/**
 * Changes all messages of the core: in a copy of the repository, each message and hint of an error, and each message of
 * a notice, is written in letters that none of our patterns match. Their number stays the same, and they can be
 * converted back, so tests can still check the texts for people.
 */
import { parseSync, Visitor } from 'oxc-parser';

/** Offset of the second set of letters A to Z and a to z. */
const FULLWIDTH = 0xfee0;

const inOtherLetters = `((text) => typeof text === 'string' ? text.replace(/[A-Za-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + ${FULLWIDTH})) : text)`;

/** Converts a text back to its original letters. */
export function inPlainLetters(text: string): string {
  return text.replace(/[Ａ-Ｚａ-ｚ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - FULLWIDTH));
}

/** Changes the constructor that every error of the core uses. */
export function rewordErrors(text: string): string {
  const message = 'super(message,';
  const hint = 'this.hint = hint;';
  for (const part of [message, hint]) {
    if (text.split(part).length < 2) throw new Error(`errors.ts does not say "${part}" any more: mend reword.ts`);
  }
  return text
    .replace(message, `super(${inOtherLetters}(message),`)
    .replace(hint, `this.hint = ${inOtherLetters}(hint);`);
}

/** Changes each object in a source file that has a code and a message: these are the notices. */
export function rewordNotices(file: string, text: string): string {
  const edits: { start: number; end: number; text: string }[] = [];
  new Visitor({
    ObjectExpression({ properties }) {
      const named = properties.flatMap((property) =>
        property.type === 'Property' && property.key.type === 'Identifier'
          ? [[property.key.name, property] as const]
          : [],
      );
      const message = new Map(named).get('message');
      if (message === undefined || !new Map(named).has('code')) return;
      const { start, end } = message.value;
      edits.push({ start: message.start, end, text: `message: ${inOtherLetters}(${text.slice(start, end)})` });
    },
  }).visit(parseSync(file, text).program);
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce((whole, edit) => whole.slice(0, edit.start) + edit.text + whole.slice(edit.end), text);
}
