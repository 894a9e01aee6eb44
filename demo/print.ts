/** Terminal output: colors on a terminal, plain text in a pipe. */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** `styleText` checks the stream, NO_COLOR and FORCE_COLOR. */
const styled = (style: Style, text: string) => styleText(style, text, { stream: process.stdout });

export const write = (text: string): void => {
  process.stdout.write(text);
};

export const line = (text = ''): void => write(`${text}\n`);

export const heading = (text: string): void => line(`\n${styled('bold', text)}`);

/** The request to the model or the server. */
export const asked = (text: string): void => line(styled('cyan', `> ${text}`));

export const faint = (text: string): string => styled('dim', text);
