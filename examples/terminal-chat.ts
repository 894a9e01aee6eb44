// A chat in your terminal. Ctrl-C stops an answer; Ctrl-C at the prompt exits.
//
//   node terminal-chat.ts llama3.2
import { createInterface } from 'node:readline';
import { createOllama, OllamaAbortError, OllamaError } from '@ollama-toolbelt/core/node';

const [model = 'llama3.2'] = process.argv.slice(2);
const chat = createOllama().conversation({ model });
const terminal = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
let answer: AbortController | undefined;
let open = true;

// Aborting closes the connection, so the model stops and the GPU is free at once.
terminal.on('SIGINT', () => (answer ? answer.abort() : terminal.close()));
terminal.once('close', () => {
  open = false;
});

terminal.prompt();
for await (const line of terminal) {
  answer = new AbortController();
  try {
    for await (const { message } of chat.sendStream(line, { signal: answer.signal })) {
      process.stdout.write(message.content);
    }
    console.log();
  } catch (error) {
    // A stopped or failed turn is not added to the history: just ask again.
    if (error instanceof OllamaAbortError) console.log(' [stopped]');
    else if (error instanceof OllamaError) console.log([error.message, error.hint].join('\n'));
    else throw error;
  }
  answer = undefined;
  if (open) terminal.prompt();
}
