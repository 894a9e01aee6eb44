import {
  type INodeType,
  type INodeTypeDescription,
  type ISupplyDataFunctions,
  NodeConnectionTypes,
  type SupplyData,
} from 'n8n-workflow';
import { optionLeftOut } from '../shared/answer-notes.ts';
import { connect } from '../shared/client.ts';
import { connectionNotice } from '../shared/connection-notice.ts';
import { serverAnswers } from '../shared/credential-test.ts';
import { offerBuiltInCredential } from '../shared/credentials.ts';
import { hintsOf } from '../shared/hints.ts';
import { icon } from '../shared/icon.ts';
import { listSearch } from '../shared/list-search.ts';
import { modelLocator, modelOf } from '../shared/model-locator.ts';
import { toNodeError } from '../shared/node-error.ts';
import { optionFields, optionsProperty } from '../shared/read-options.ts';
import { OllamaEmbeddings } from './ollama-embeddings.ts';

export class OllamaBeltEmbeddings implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Ollama Toolbelt Embeddings',
    name: 'ollamaBeltEmbeddings',
    icon,
    group: ['transform'],
    version: 1,
    // n8n passes the value of the field here, not what the field stores.
    subtitle: '={{ $parameter["model"] }}',
    description: 'Embeddings from an Ollama server, for vector stores',
    defaults: { name: 'Ollama Toolbelt Embeddings' },
    inputs: [],
    outputs: [NodeConnectionTypes.AiEmbedding],
    outputNames: ['Embeddings'],
    credentials: [{ name: 'ollamaBeltApi', required: true, testedBy: 'serverAnswers' }],
    properties: [
      connectionNotice([{ name: 'a vector store', connectionType: 'ai_vectorStore' }]),
      {
        ...modelLocator('searchEmbeddingModels'),
        description: 'Must be the model that stored the vectors, or they cannot be compared',
      },
      optionsProperty('vectors'),
    ],
  };

  methods = { listSearch, credentialTest: { serverAnswers } };

  constructor() {
    offerBuiltInCredential(this.description);
  }

  async supplyData(this: ISupplyDataFunctions, itemIndex: number): Promise<SupplyData> {
    try {
      const { body, timeouts, local, leftOut } = optionFields(this, itemIndex);
      leftOut.map(optionLeftOut).forEach(hintsOf(this));
      const ollama = await connect(this);
      const batchSize = local['batchSize'] as number | undefined;
      const call = { signal: this.getExecutionCancelSignal(), timeouts, batchSize };
      const request = { model: modelOf(this, itemIndex), ...body };
      const embed = async (input: string[]) => {
        const { index } = this.addInputData(NodeConnectionTypes.AiEmbedding, [[{ json: { texts: input } }]]);
        try {
          const { embeddings, model } = await ollama.embed({ ...request, input }, call);
          const json = { model, vectors: embeddings.length, dimensions: embeddings[0]?.length ?? 0 };
          this.addOutputData(NodeConnectionTypes.AiEmbedding, index, [[{ json }]]);
          return embeddings;
        } catch (error) {
          const failure = toNodeError(this.getNode(), error, itemIndex);
          this.addOutputData(NodeConnectionTypes.AiEmbedding, index, failure as never);
          throw failure;
        }
      };
      const prefixes = { query: local['query_prefix'], document: local['document_prefix'] };
      return { response: new OllamaEmbeddings(embed, prefixes) };
    } catch (error) {
      throw toNodeError(this.getNode(), error, itemIndex);
    }
  }
}
