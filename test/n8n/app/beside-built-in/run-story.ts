import type { ScriptedServer } from '@ollama-toolbelt/ollama-server';
import type { NodeRun } from '../flatted.ts';
import type { N8nApi } from '../n8n-api.ts';
import { piecesOf } from '../streamed-answer.ts';
import type { Outcome, Story } from './story.ts';
import { credentialTypeOf, RESULT, type Side, storyWorkflow } from './story-workflow.ts';

/** Runs the workflow of a story with the nodes of one side, in the real n8n. */
export async function runStory(story: Story, side: Side, api: N8nApi, server: ScriptedServer): Promise<Outcome> {
  server.reset();
  if (story.server) story.server(server);
  else server.always.chat({ text: 'Rayleigh scattering.' });
  const plain = side === 'theirs' ? { apiKey: '' } : {};
  const data = { baseUrl: server.host, ...plain, ...story.credential?.[side] };
  const credential = await api.addCredential(data, credentialTypeOf(side), `Ollama of ${story.title}`);
  const workflow = await api.addWorkflow(storyWorkflow(story, side, credential));
  const ran = story.kind === 'webhook' ? await callWebhook(workflow, side, api) : await runByHand(workflow, api);
  const sent = server.requests
    .filter(({ path }) => /\/api\/(chat|generate|embed)/.test(path))
    .map(({ path, body, receivedAt, closedAt }) => ({ path, body, receivedAt, closedAt }));
  return { sent, ...ran };
}

type Workflow = Awaited<ReturnType<N8nApi['addWorkflow']>>;

async function runByHand(workflow: Workflow, api: N8nApi): Promise<Omit<Outcome, 'sent'>> {
  const { run } = await api.ended(await api.start(workflow), 50_000);
  const { error, runData } = run.resultData;
  const result = runData[RESULT]?.[0];
  const branches = (result?.data?.['main'] ?? []).map((items) => (items ?? []).map(({ json }) => json));
  return {
    items: branches[0] ?? [],
    failed: branches[1] ?? [],
    error: error && wordsOf(error),
    hints: Object.values(runData).flatMap((runs) => runs.flatMap(hintsOf)),
    pieces: [],
  };
}

const wordsOf = ({ message, description }: { message: string; description?: string | null }) =>
  [message, description].filter(Boolean).join(' | ');

const hintsOf = ({ hints = [] }: NodeRun) => hints.map(({ message }) => message);

async function callWebhook(workflow: Workflow, side: Side, api: N8nApi): Promise<Omit<Outcome, 'sent'>> {
  await api.publish(workflow);
  const response = await fetch(`${api.access.url}/webhook/story-${side}`);
  const pieces: string[] = [];
  for await (const piece of piecesOf(response)) pieces.push(piece);
  return { items: [], failed: [], error: undefined, hints: [], pieces };
}
