import { plainLine, plainText } from '../tools/plain-text.ts';

/**
 * The output of a command: the streams of the process, or a recorder in tests. The text may come from a server, a model
 * or a client, so control characters are escaped.
 */
export interface Terminal {
  /** Writes to stdout. */
  print(text: string): void;
  /** Writes a line to stderr. */
  say(line: string): void;
  /** Shows a line on stderr that the next line replaces. */
  status(line: string): void;
  /** Whether stdout and stderr are terminals. */
  readonly stdoutIsSeen: boolean;
  readonly stderrIsSeen: boolean;
}

/** Indents the following lines of a text, so it cannot add a line that looks like one of ours. */
const NEW_LINES = /(?:\r\n|[\n\u2028\u2029])(?! {2})/g;

/** The first error of stdout. Node forgets it. */
let outputProblem: NodeJS.ErrnoException | undefined;

const ERASE_LINE = '\r\u001b[K';

/** The streams of the process. Lines on stderr start with the name of the command. */
export function processTerminal(name: string): Terminal {
  const { stdout, stderr } = process;
  // Without these, a full disk or a closed pipe would end the process with a stack trace.
  stdout.on('error', (error) => {
    outputProblem ??= error;
  });
  stderr.on('error', () => {});
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
      // A line longer than the window would wrap, and then only its last part could be erased.
      if (line !== '') stderr.write(line.slice(0, Math.max(20, (stderr.columns ?? 80) - 1)));
      shown = line !== '';
    },
  };
}

/** Waits until everything is written to stdout. Returns the first error of stdout, if any. */
export async function flushed(): Promise<NodeJS.ErrnoException | undefined> {
  await new Promise((resolve) => process.stdout.write('', resolve));
  return outputProblem;
}
