#!/usr/bin/env node
// Starts the server and records its messages in `mcp-messages/PID.jsonl` in the home folder.
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(process.env.HOME, 'mcp-messages');
mkdirSync(folder, { recursive: true });
const file = join(folder, `${process.pid}.jsonl`);

const recorder = (from) => {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line.trim() === '') continue;
      appendFileSync(file, `${JSON.stringify({ from, at: Date.now(), message: JSON.parse(line) })}\n`);
    }
  };
};
const host = recorder('host');
const server = recorder('server');

const { emit } = process.stdin;
process.stdin.emit = function (event, ...values) {
  if (event === 'data') host(values[0]);
  return emit.call(this, event, ...values);
};
const { write } = process.stdout;
process.stdout.write = function (chunk, ...rest) {
  server(chunk);
  return write.call(this, chunk, ...rest);
};
await import('./dist/cli.js');
