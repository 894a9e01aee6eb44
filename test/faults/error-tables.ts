import type { OllamaError } from '@ollama-toolbelt/core';
import { createOllama } from '@ollama-toolbelt/core/node';
import { secret } from '../core/secrets.ts';
import type { Fault } from './fault.ts';
import { type FaultCall, faultCalls } from './fault-calls.ts';
import { bodies, harmless, midStream, statuses, unknownModel, unreachable, withoutAnswer } from './faults-table.ts';
import { stageFor } from './stage.ts';

const BEGIN = '<!-- begin: printed by scripts/update-docs.ts from runs of the fault matrix -->';
const END = '<!-- end -->';

const groups: readonly (readonly [title: string, faults: readonly Fault[]])[] = [
  ['No server', unreachable],
  ['No answer', withoutAnswer],
  ['An answer with another status', [unknownModel, ...statuses]],
  ['A good status, and not an answer of Ollama', bodies],
  ['In the middle of a stream', midStream],
];

/** The text with its tables printed anew: what `chat` rejects with, fault by fault. */
export async function withErrorTables(text: string): Promise<string> {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error('the marks of the tables are missing');
  return `${text.slice(0, begin)}${BEGIN}\n\n${await errorTables()}\n${text.slice(end)}`;
}

async function errorTables(): Promise<string> {
  const call = faultCalls.find(({ name }) => name === 'chat');
  if (call === undefined) throw new Error('the matrix has no chat');
  const parts: string[] = [];
  for (const [title, faults] of groups) {
    const rows: string[] = [];
    for (const fault of faults) rows.push(row(fault, await meet(fault, call)));
    parts.push(`### ${title}\n\n${head}\n${rows.join('\n')}\n`);
  }
  parts.push(`### Unusual, and no error\n\n${harmless.map(({ name }) => `- ${name}`).join('\n')}\n`);
  return parts.join('\n');
}

const head =
  '| What goes wrong | `code`, `phase` | Class | `retryable` | `message` | `hint` |\n| --- | --- | --- | --- | --- | --- |';

function row(fault: Fault, error: OllamaError): string {
  const { code, phase, name, retryable, message, hint } = error;
  const also = Object.entries(fault.told.also ?? {}).map(([key, value]) => `, \`${key}: ${JSON.stringify(value)}\``);
  const kind = `\`${name}\`${also.join('')}`;
  const cells = [fault.name, `\`${code}\`, \`${phase}\``, kind, retryable ? 'yes' : 'no', message, hint ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '\\<')).join(' | ')} |`;
}

/** What a person is told; with Ollama's usual address in place of the one of this run. */
async function meet(fault: Fault, call: FaultCall): Promise<OllamaError> {
  await using stage = await stageFor(fault);
  await using ollama = createOllama({ host: stage.host, apiKey: secret.key, retry: false, maxLineBytes: 1000 });
  stage.set(call);
  try {
    await call.whole(ollama, fault.timeouts && { timeouts: fault.timeouts });
  } catch (error) {
    const told = error as OllamaError;
    const { protocol } = new URL(stage.host);
    const host = fault.unreachable === 'dns' ? 'no-such-server' : '127.0.0.1';
    const message = told.message.replaceAll(stage.host, `${protocol}//${host}:11434`);
    return Object.assign(Object.create(told) as OllamaError, { message });
  }
  throw new Error(`no error for: ${fault.name}`);
}
