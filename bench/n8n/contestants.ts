import { withSubNodes } from '../../test/n8n/app/sub-nodes.ts';
import {
  byName,
  chain,
  chatParameters,
  ourNode,
  type WorkflowFile,
  type WorkflowNode,
  webhookNode,
} from '../../test/n8n/app/workflow.ts';
import { SLOTS } from './pace.ts';

/** Ids of the credentials, one for each side. */
export interface Credentials {
  ours: string;
  theirs: string;
}

/** A workflow whose webhook, at this path, gets numbers and asks the model about each. */
export type Contestant = (path: string, model: string, credentials: Credentials) => WorkflowFile;

type Node = Omit<WorkflowNode, 'position'>;

const QUESTION = '=Number {{ $json.number }}';
const messages = { values: [{ role: 'user', content: QUESTION }] };
const CHAIN = 'Chain';
const theirCredential = (id: string) => ({ ollamaApi: { id, name: 'Ollama' } });

/** Makes items inside n8n's own process; the Code node would have them from another one. */
const split: Node = {
  id: 'split',
  name: 'Items',
  type: 'n8n-nodes-base.splitOut',
  typeVersion: 1,
  parameters: { fieldToSplitOut: 'body.numbers', options: { destinationFieldName: 'number' } },
};

function workflow(path: string, node: Node): WorkflowFile {
  const webhook: Node = {
    ...webhookNode(path, 'lastNode'),
    parameters: { path, responseMode: 'lastNode', httpMethod: 'POST' },
  };
  return chain(path, [webhook, split, node]);
}

const ours =
  (concurrency: number): Contestant =>
  (path, model, credentials) => {
    const batching = { values: { concurrency } };
    const parameters = chatParameters({ model: byName(model), messages, options: { batching } });
    return workflow(path, ourNode(parameters, credentials.ours));
  };

const theirs: Contestant = (path, model, credentials) =>
  workflow(path, {
    id: 'ollama',
    name: 'Ollama',
    type: '@n8n/n8n-nodes-langchain.ollama',
    typeVersion: 1,
    parameters: { resource: 'text', operation: 'message', modelId: byName(model), messages },
    credentials: theirCredential(credentials.theirs),
  });

/** The other way to ask about each item, which can send several at a time. */
const theirChain: Contestant = (path, model, credentials) => {
  const node: Node = {
    id: 'chain',
    name: CHAIN,
    type: '@n8n/n8n-nodes-langchain.chainLlm',
    typeVersion: 1.9,
    parameters: { promptType: 'define', text: QUESTION, batching: { batchSize: SLOTS, delayBetweenBatches: 0 } },
  };
  const chatModel: Node = {
    id: 'model',
    name: 'Model',
    type: '@n8n/n8n-nodes-langchain.lmChatOllama',
    typeVersion: 1,
    parameters: { model },
    credentials: theirCredential(credentials.theirs),
  };
  return withSubNodes(workflow(path, node), CHAIN, { ai_languageModel: [chatModel] });
};

export const ONE = 'one at a time';
export const SOME = `${SLOTS} at a time`;
export const THEIRS = "n8n's own node";
export const THEIR_CHAIN = `n8n's Basic LLM Chain, ${SLOTS} at a time`;

export const contestants: Readonly<Record<string, Contestant>> = {
  [ONE]: ours(1),
  [SOME]: ours(SLOTS),
  [THEIRS]: theirs,
  [THEIR_CHAIN]: theirChain,
};
