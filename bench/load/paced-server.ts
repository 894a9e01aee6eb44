/**
 * The test server as an unlimited GPU: every answer takes the same time, however many there are at once. It runs in a
 * separate process: `node paced-server.ts` prints its port.
 */
import { delay, startScripted } from '@ollama-toolbelt/ollama-server';
import { FIRST_TOKEN_MS, TOKEN_MS, TOKENS } from './pace.ts';

const server = await startScripted();
const rest = Array.from({ length: TOKENS - 1 }, () => [delay(TOKEN_MS), ' word']).flat();
server.always.chat({ text: [delay(FIRST_TOKEN_MS), 'word', ...rest] });
process.stdout.write(`${server.port}\n`);
process.stdin.resume().on('end', () => process.exit());
