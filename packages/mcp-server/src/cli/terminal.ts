import { plainLine, plainText } from '../tools/plain-text.ts';

/**
 * Where a command writes; the streams of the process in life, something that listens in tests. What it writes may come
 * from a server, a model or a client: none of it can steer the terminal.
 */
export interface Terminal {
  /** Writes to stdout. */
  print(text: string): void;
  /** Writes a line to stderr. */
  say(line: string): void;
  /** Shows a line on stderr that the next one takes the place of. */
  status(line: string): void;
  /** Whether a person reads stdout, and stderr. */
  readonly stdoutIsSeen: boolean;
  readonly stderrIsSeen: boolean;
}

/** A further line of a text begins with spaces, so no text can add a line that looks like one of ours. */
const NEW_LINES = /(?:\r\n|[\n\u2028\u2029])(?! {2})/g;

const ERASE_LINE = '\r\u001b[K';

/** The process's own streams; lines on stderr begin with the name of the command. */
export function processTerminal(name: string): Terminal {
  const { stdout, stderr } = process;
  let shown = false;
  const clear = () => {
    if (shown) stderr.write(ERASE_LINE);
    shown = false;
  };
  return {
    stdoutIsSeen: stdout.isTTY === true,
    stderrIsSeen: stderr.isTTY === true,
    print(text) {
      clear();
      stdout.write(plainText(text));
    },
    say(line) {
      clear();
      stderr.write(`${name}: ${plainText(line).replace(NEW_LINES, '\n  ')}\n`);
    },
    status(foreign) {
      const line = plainLine(foreign);
      if (!stderr.isTTY) return void stderr.write(`${name}: ${line}\n`);
      clear();
      // Longer than the window it would wrap, and then only its last part could be erased.
      if (line !== '') stderr.write(line.slice(0, Math.max(20, (stderr.columns ?? 80) - 1)));
      shown = line !== '';
    },
  };
}
