import type { Outcome, Sent, Story } from './story.ts';

export interface Ran {
  story: Story;
  theirs: Outcome;
  ours: Outcome;
}

const MOST_CHARACTERS = 220;

/** The page of the documentation, from the requests and results of a real run. */
export function storyTable(ran: readonly Ran[], host: string): string {
  const count = (side: 'ours' | 'theirs') => ran.filter(({ story, [side]: outcome }) => story.isRight(outcome)).length;
  return `# ${ran.length} workflows with n8n's own Ollama nodes and with these

Each workflow was run twice in a real n8n 2.41.1: with n8n's own Ollama nodes and with these nodes. A test
server answers like Ollama 0.33, with the same text for both. n8n's own nodes give the expected result in ${count('theirs')} of ${ran.length}, these in ${count('ours')}. If n8n's
node has no setting for something, the workflow uses its closest setting.

The test that runs the workflows writes this page (\`UPDATE_DOCS=1 pnpm test:n8n beside-built-in\`), and fails if a result differs.

| # | workflow | expected result | n8n's own | these |
|---|---|---|---|---|
${ran.map(({ story, theirs, ours }, index) => `| [${index + 1}](#${index + 1}) | ${story.title} | ${story.wanted} | ${mark(story, theirs)} | ${mark(story, ours)} |`).join('\n')}

## Requests and outcomes
${ran.map((row, index) => section(row, index + 1, host)).join('\n')}`;
}

const mark = (story: Story, outcome: Outcome) => (story.isRight(outcome) ? 'yes' : '**no**');

const section = ({ story, theirs, ours }: Ran, number: number, host: string) => `
### ${number}

${story.title}: ${story.wanted}.

| | n8n's own | these |
|---|---|---|
| sent | ${requestsOf(theirs)} | ${requestsOf(ours)} |
| outcome | ${outcomeOf(theirs, host)} | ${outcomeOf(ours, host)} |
`;

function requestsOf({ sent }: Outcome): string {
  if (sent.length === 0) return 'nothing';
  const first = code(written(sent[0]!));
  return sent.length === 1 ? first : `${sent.length} requests, the first of them ${first}`;
}

function outcomeOf({ items, failed, error, hints, pieces }: Outcome, host: string): string {
  const here = (text: string) => text.replaceAll(host, 'http://ollama:11434').replaceAll('127.0.0.1:9', 'ollama:11434');
  const parts = [
    ...(error === undefined ? [] : [`error ${code(here(error))}`]),
    ...(items.length === 0
      ? []
      : [`${items.length === 1 ? 'item' : `${items.length} items, the first`} ${code(json(items[0]))}`]),
    ...(failed.length === 0 ? [] : [`on the error branch ${code(here(json(failed[0])))}`]),
    ...hints.map((hint) => `hint ${code(hint)}`),
    ...(pieces.length === 0 ? [] : [`pieces ${code(json(pieces))}`]),
  ];
  return parts.join('<br>') || 'nothing';
}

const written = ({ path, body }: Sent) => `${path} ${json(body)}`;

/** With sorted keys, shortened images, and without values that differ from run to run. */
function json(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (typeof inner === 'string' && /^[\w+/]{40,}={0,2}$/.test(inner)) return '(base64)';
    if (key === 'created_at' || /_duration$/.test(key)) return undefined;
    if (key === 'tools' && Array.isArray(inner) && inner.length > 0) return '(the tools)';
    return inner;
  });
}

/** In a table cell, cut to a readable length. */
function code(text: string): string {
  const short = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return `\`\` ${short.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')} \`\``;
}
