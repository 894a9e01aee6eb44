/** One word of a command as the shell of this platform reads it. */
export const shellWord = (word: string, platform: NodeJS.Platform): string =>
  platform === 'win32' ? windowsWord(word) : posixWord(word);

const posixWord = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** Read alike by cmd and PowerShell, which takes `@` and commas for itself. Programs take \" for a quotation mark. */
const windowsWord = (word: string) =>
  /^[\w+=:./\\-]+$/.test(word)
    ? word
    : `"${word.replace(/(\\*)("|$)/g, (_, slashes, quote) => slashes + slashes + (quote && '\\"'))}"`;
