import {
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  NodeConnectionTypes,
} from 'n8n-workflow';
import { serverAnswers } from '../shared/credential-test.ts';
import { offerBuiltInCredential } from '../shared/credentials.ts';
import { icon } from '../shared/icon.ts';
import { listSearch } from '../shared/list-search.ts';
import { properties } from './resources/index.ts';
import { route } from './router.ts';

export class OllamaBelt implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Ollama Toolbelt',
    name: 'ollamaBelt',
    icon,
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Chat, generate, embed and manage models on an Ollama server',
    defaults: { name: 'Ollama Toolbelt' },
    usableAsTool: true,
    // Only a chat has a memory and tools. When the node is itself a tool, n8n gives it no inputs.
    inputs: `={{ $parameter["resource"] === "chat" ? [{ type: "main" }, { type: "ai_memory", displayName: "Memory", maxConnections: 1 }, { type: "ai_tool", displayName: "Tools" }] : ["main"] }}`,
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'ollamaBeltApi', required: true, testedBy: 'serverAnswers' }],
    properties,
  };

  methods = { listSearch, credentialTest: { serverAnswers } };

  constructor() {
    offerBuiltInCredential(this.description);
  }

  execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return route(this);
  }
}
