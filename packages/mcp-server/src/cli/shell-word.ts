/** Quotes one word of a command for the shell of this platform. */
export const shellWord = (word: string, platform: NodeJS.Platform): string =>
  platform === 'win32' ? windowsWord(word) : posixWord(word);

const posixWord = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** Works in cmd and in PowerShell, for which `@` and commas are special. Programs read \" as a quotation mark. */
const windowsWord = (word: string) =>
  /^[\w+=:./\\-]+$/.test(word)
    ? word
    : `"${word.replace(/(\\*)("|$)/g, (_, slashes, quote) => slashes + slashes + (quote && '\\"'))}"`;
