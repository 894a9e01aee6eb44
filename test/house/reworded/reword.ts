/**
 * Makes the core say everything in other words: in a copy of the repository each message and hint of an error, and each
 * message of a notice, is written in letters that no pattern of ours fits. The letters are as many as before, and can be
 * read back, so tests can still say what a person is told.
 */
import { parseSync, Visitor } from 'oxc-parser';

/** Where the letters A to Z and a to z stand a second time. */
const FULLWIDTH = 0xfee0;

const inOtherLetters = `((text) => typeof text === 'string' ? text.replace(/[A-Za-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + ${FULLWIDTH})) : text)`;

/** What was said, in the letters that it was written in. */
export function inPlainLetters(text: string): string {
  return text.replace(/[Ａ-Ｚａ-ｚ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - FULLWIDTH));
}

/** The constructor that every error of the core goes through. */
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

/** Each object of a source file that has a code and a message, which is what a notice is made of. */
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
