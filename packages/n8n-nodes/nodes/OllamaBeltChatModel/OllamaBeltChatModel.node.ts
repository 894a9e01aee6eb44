import {
  type INodeType,
  type INodeTypeDescription,
  type ISupplyDataFunctions,
  NodeConnectionTypes,
  type SupplyData,
} from 'n8n-workflow';
import { loadAiNodeSdk } from '../shared/ai-node-sdk.ts';
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
import { langChainModel } from './lang-chain-model.ts';
import { OllamaChatModel } from './ollama-chat-model.ts';

export class OllamaBeltChatModel implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Ollama Toolbelt Chat Model',
    name: 'ollamaBeltChatModel',
    icon,
    group: ['transform'],
    version: 1,
    // n8n passes the value of the field here, not what the field stores.
    subtitle: '={{ $parameter["model"] }}',
    description: 'A model on an Ollama server for AI agents and chains',
    defaults: { name: 'Ollama Toolbelt Chat Model' },
    inputs: [],
    outputs: [NodeConnectionTypes.AiLanguageModel],
    outputNames: ['Model'],
    credentials: [{ name: 'ollamaBeltApi', required: true, testedBy: 'serverAnswers' }],
    properties: [
      connectionNotice([
        { name: 'an AI agent', connectionType: 'ai_agent' },
        { name: 'a chain', connectionType: 'ai_chain' },
      ]),
      modelLocator('searchTextModels'),
      optionsProperty('agent'),
    ],
  };

  methods = { listSearch, credentialTest: { serverAnswers } };

  constructor() {
    offerBuiltInCredential(this.description);
  }

  async supplyData(this: ISupplyDataFunctions, itemIndex: number): Promise<SupplyData> {
    const sdk = await loadAiNodeSdk(this.getNode());
    try {
      const { body, timeouts, local, leftOut } = optionFields(this, itemIndex);
      const hint = hintsOf(this);
      leftOut.map(optionLeftOut).forEach(hint);
      const model = new OllamaChatModel({
        ollama: await connect(this),
        request: { model: modelOf(this, itemIndex), ...(local['any_json'] === true && { format: 'json' }), ...body },
        timeouts,
        isStripped: local['strip_thinking'] !== false,
        cancel: this.getExecutionCancelSignal(),
        parametersOf: sdk.getParametersJsonSchema,
        hint,
        failure: (error) => toNodeError(this.getNode(), error, itemIndex),
      });
      const { response } = sdk.supplyModel(this, model);
      return { response: langChainModel(this, itemIndex, response) };
    } catch (error) {
      throw toNodeError(this.getNode(), error, itemIndex);
    }
  }
}
