import { withSubNodes } from '../sub-nodes.ts';
import { CREDENTIAL_TYPE, chain, NODE_TYPE, startNode, type WorkflowFile, webhookNode } from '../workflow.ts';
import type { Node, Story } from './story.ts';

export type Side = 'ours' | 'theirs';

const LANGCHAIN = '@n8n/n8n-nodes-langchain';
const types: Record<Side, { app: string; agent: string; store: string; credential: string }> = {
  ours: {
    app: NODE_TYPE,
    agent: `${NODE_TYPE}ChatModel`,
    store: `${NODE_TYPE}Embeddings`,
    credential: CREDENTIAL_TYPE,
  },
  theirs: {
    app: `${LANGCHAIN}.ollama`,
    agent: `${LANGCHAIN}.lmChatOllama`,
    store: `${LANGCHAIN}.embeddingsOllama`,
    credential: 'ollamaApi',
  },
};

export const credentialTypeOf = (side: Side) => types[side].credential;

/** The node whose items are the result of a story. */
export const RESULT = 'Result';

/** The workflow of a story with the nodes of one side; everything else is the same. */
export function storyWorkflow(story: Story, side: Side, credential: string): WorkflowFile {
  const { kind, subNodes = {}, items = 'return [{ json: {} }];', onError } = story;
  const code: Node = {
    id: 'items',
    name: 'Items',
    type: 'n8n-nodes-base.code',
    typeVersion: 2,
    parameters: { jsCode: items },
  };
  const ollama: Node = {
    id: 'ollama',
    name: kind === 'agent' || kind === 'store' ? 'Ollama' : RESULT,
    type: types[side][kind === 'webhook' ? 'app' : kind],
    typeVersion: 1,
    parameters: story[side],
    credentials: { [types[side].credential]: { id: credential, name: 'Ollama' } },
    ...(onError && { onError }),
  };
  const title = `${story.title} (${side})`;
  switch (kind) {
    case 'app':
      return withSubNodes(chain(title, [startNode, code, ollama]), RESULT, subNodes);
    case 'webhook':
      return chain(title, [webhookNode(`story-${side}`, 'streaming'), ollama]);
    case 'agent':
      return withSubNodes(chain(title, [startNode, code, agent]), RESULT, {
        ai_languageModel: [ollama],
        ...subNodes,
      });
    case 'store': {
      const [insert, find] = [vectorStore('Store', side), vectorStore(RESULT, side)];
      const file = chain(title, [startNode, code, insert, question, find]);
      return withSubNodes(withSubNodes(file, 'Store', { ai_document: [loader] }), ['Store', RESULT], {
        ai_embedding: [ollama],
      });
    }
    default:
      return kind satisfies never;
  }
}

const agent: Node = {
  id: 'agent',
  name: RESULT,
  type: `${LANGCHAIN}.agent`,
  typeVersion: 3.1,
  parameters: { promptType: 'define', text: 'What is this?', options: { passthroughBinaryImages: true } },
};

const question: Node = {
  id: 'question',
  name: 'Question',
  type: 'n8n-nodes-base.code',
  typeVersion: 2,
  parameters: { jsCode: "return [{ json: { question: 'When does the office close?' } }];" },
};

const loader: Node = {
  id: 'loader',
  name: 'Loader',
  type: `${LANGCHAIN}.documentDefaultDataLoader`,
  typeVersion: 1.1,
  parameters: { jsonMode: 'expressionData', jsonData: '={{ $json.text }}', options: {} },
};

const vectorStore = (name: string, side: Side): Node => ({
  id: name,
  name,
  type: `${LANGCHAIN}.vectorStoreInMemory`,
  typeVersion: 1.3,
  parameters: {
    memoryKey: { __rl: true, mode: 'list', value: `stories_of_${side}` },
    ...(name === RESULT
      ? { mode: 'load', prompt: '={{ $json.question }}', topK: 1 }
      : { mode: 'insert', clearStore: true }),
  },
});
