import type { PackageDirectoryLoader } from 'n8n-core';
import type {
  ICredentialDataDecryptedObject,
  ICredentialType,
  IDataObject,
  IExecuteData,
  INode,
  INodeCredentialTestResult,
  INodeExecutionData,
  INodeParameters,
  INodeType,
  INodeTypes,
  IRun,
  IRunExecutionData,
} from 'n8n-workflow';
import type { PackedPackage } from '../../fixtures/packed-package.ts';
import { additionalData } from './additional-data.ts';
import { type Http, loadN8n, type N8n } from './load-n8n.ts';
import { packedNodes } from './packed-nodes.ts';
import { itemsNode, toolNode } from './test-nodes.ts';

const NODE = 'ollamaBelt';
/** The nodes of the package. */
export type NodeName = 'ollamaBelt' | 'ollamaBeltChatModel' | 'ollamaBeltEmbeddings' | 'ollamaBeltTrigger';
const CREDENTIAL = 'ollamaBeltApi';
/** A node has both; its parameters say which one it uses. */
const credentials = { [CREDENTIAL]: { id: '1', name: 'Ollama' }, ollamaApi: { id: '2', name: 'Ollama' } };

export interface NodeSetup {
  /** The app node by default. */
  type?: NodeName;
  parameters: INodeParameters;
  credential: ICredentialDataDecryptedObject;
  /** The tools that connected tool nodes supply. */
  tools?: object[];
  /** The memory that a connected memory node supplies. */
  memory?: object;
  /** Input of the node; one empty item by default. */
  items?: IDataObject[];
  /** Binary fields of every item, as base64. */
  binary?: Record<string, string>;
  /** Whether a Webhook or Chat Trigger waits for a streamed answer. */
  streaming?: boolean;
  onError?: NonNullable<INode['onError']>;
  /** Runs the node as AI Agent 3 does: the engine runs a node of the tool's type like any other. */
  asEngineTool?: boolean;
  /** What a trigger has stored. */
  stored?: IDataObject;
  /** How the workflow stores files: `combined` puts them into the JSON of the items. */
  binaryMode?: 'separate' | 'combined';
}

export interface Outcome {
  status: IRun['status'];
  /** The error that a person sees if the workflow fails. */
  error:
    | { name: string; message: string; description?: string | null; context?: IDataObject; httpCode?: string | null }
    | undefined;
  /** Items of the node's outputs: the results, and with an error output the failures. */
  outputs: INodeExecutionData[][];
  /** The hints that the editor shows with the output. */
  hints: { message: string; type?: string }[];
  /** n8n's own count of tokens. */
  tokenUsage: unknown;
  /** What a Webhook or Chat Trigger gets while the workflow runs: the text, or another event. */
  chunks: string[];
}

/** n8n's engine in this process, without its server and database, with the packed node loaded. */
export class Engine implements AsyncDisposable {
  readonly node: INodeType;
  readonly credential: ICredentialType;
  /** Defaults for every request of n8n's HTTP helper. */
  readonly httpDefaults: Http['defaults'];
  readonly #http: Http;
  readonly #core: N8n['core'];
  readonly #workflow: N8n['workflow'];
  readonly #packed: PackedPackage;
  readonly #loader: PackageDirectoryLoader;

  private constructor({ core, workflow, http }: N8n, loader: PackageDirectoryLoader, packed: PackedPackage) {
    this.#loader = loader;
    this.#core = core;
    this.#workflow = workflow;
    this.#packed = packed;
    this.#http = http;
    this.httpDefaults = http.defaults;
    this.node = this.nodeType(NODE);
    this.credential = loader.getCredential(CREDENTIAL).type;
  }

  /** `withSdk`: whether n8n has its package for AI nodes, as newer versions do. */
  static async start({ withSdk = false } = {}): Promise<Engine> {
    const packed = await packedNodes({ withSdk });
    try {
      const n8n = loadN8n(packed.root);
      const loader = new n8n.core.PackageDirectoryLoader(packed.directory);
      await loader.loadAll();
      return new Engine(n8n, loader, packed);
    } catch (error) {
      await packed[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#packed[Symbol.asyncDispose]();
  }

  /**
   * Calls back when the headers of a response arrive, before the node sees them, until the returned function is called.
   */
  onAnswer(callback: () => void): () => void {
    const { response } = this.#http.interceptors;
    const id = response.use((answer) => {
      callback();
      return answer;
    });
    return () => response.eject(id);
  }

  nodeType(name: NodeName): INodeType {
    return this.#workflow.NodeHelpers.getVersionedNodeType(this.#loader.getNode(name).type, 1);
  }

  /** What a sub-node supplies to the node it is connected to, and its log entries. */
  async supply(
    setup: NodeSetup,
    stop?: AbortSignal,
  ): Promise<{ response: unknown; runData: IRunExecutionData; hints: Outcome['hints'] }> {
    const workflow = this.#workflowOf(setup);
    const node = workflow.getNode('Node')!;
    const data = { main: [[{ json: {} }]] };
    const runData = this.#workflow.createRunExecutionData();
    const context = new this.#core.SupplyDataContext(
      workflow,
      node,
      this.#additionalData(setup),
      'manual',
      runData,
      0,
      [{ json: {} }],
      data,
      this.nodeType(setup.type!).description.outputs[0] as 'ai_embedding',
      { node, data, source: null },
      [],
      stop ?? new AbortController().signal,
      workflow.getNode('Items')!,
    );
    const { response } = await this.nodeType(setup.type!).supplyData!.call(context as never, 0);
    return { response, runData, hints: context.hints };
  }

  /** The app node as the tool of an agent: n8n creates a separate node for that, of the same class. */
  async asTool(setup: NodeSetup): Promise<{ description: string; invoke(args: object): Promise<string> }> {
    const type = `${NODE}Tool`;
    const agent = toolNode({});
    Object.assign(agent.description, { inputs: ['main', 'ai_tool'], outputs: ['main'] });
    const types: Record<string, INodeType> = {
      'test.agent': agent,
      [type]: this.#toolType(NODE),
    };
    const place = { typeVersion: 1, position: [0, 0] as [number, number] };
    const workflow = new this.#workflow.Workflow({
      id: '1',
      nodes: [
        { ...place, id: 'a', name: 'Agent', type: 'test.agent', parameters: {} },
        {
          ...place,
          id: 'b',
          name: 'Node',
          type,
          parameters: setup.parameters,
          credentials,
        },
      ],
      connections: { Node: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] } },
      active: false,
      nodeTypes: {
        getByName: (name) => types[name]!,
        getByNameAndVersion: (name) => types[name]!,
        getKnownTypes: () => ({}),
      },
      settings: { executionOrder: 'v1' },
    });
    const node = workflow.getNode('Agent')!;
    const items = [{ json: {} }];
    const executeData: IExecuteData = { node, data: { main: [items] }, source: null };
    const context = new this.#core.ExecuteContext(
      workflow,
      node,
      this.#additionalData(setup),
      'manual',
      this.#workflow.createRunExecutionData(),
      0,
      items,
      executeData.data,
      executeData,
      [],
      new AbortController().signal,
    );
    const [tool] = (await context.getInputConnectionData('ai_tool', 0)) as Awaited<ReturnType<Engine['asTool']>>[];
    return tool!;
  }

  /** Polls a trigger repeatedly; state between two polls is kept here. `changed`: what was saved since the last one. */
  poller(setup: NodeSetup): (mode?: 'trigger' | 'manual', changed?: INodeParameters) => Promise<IDataObject[] | null> {
    const workflow = this.#workflowOf(setup);
    const node = workflow.getNode('Node')!;
    return async (mode = 'trigger', changed) => {
      Object.assign(node.parameters, changed);
      const context = new this.#core.PollContext(workflow, node, this.#additionalData(setup), mode, 'activate');
      const found = await this.nodeType(setup.type!).poll!.call(context as never);
      return found && found[0]!.map(({ json }) => json);
    };
  }

  /** Runs "items → node" as the editor does; `stop` presses its stop button when it aborts. */
  async run(setup: NodeSetup, stop?: AbortSignal): Promise<Outcome> {
    const workflow = this.#workflowOf(setup);
    const chunks: string[] = [];
    const running = new this.#core.WorkflowExecute(this.#additionalData(setup, chunks), 'manual').run({
      workflow,
      startNode: workflow.getNode('Items')!,
    });
    stop?.addEventListener('abort', () => running.cancel());
    const { status, data } = await running;
    const { error, runData } = data.resultData;
    const task = runData['Node']?.[0];
    const outputs = task?.data?.['main']?.map((items) => items ?? []) ?? [];
    const hints = (task?.hints ?? []) as Outcome['hints'];
    const tokenUsage = (task?.metadata as IDataObject | undefined)?.['tokenUsage'];
    return { status, error: (error ?? task?.error) as Outcome['error'], outputs, hints, tokenUsage, chunks };
  }

  /** What the editor requests when somebody opens a From List field. */
  async searchList(method: string, setup: Omit<NodeSetup, 'parameters'>, filter?: string) {
    const whole = { ...setup, parameters: {} };
    const workflow = this.#workflowOf(whole);
    const context = new this.#core.LoadOptionsContext(
      workflow,
      workflow.getNode('Node')!,
      { ...this.#additionalData(whole), currentNodeParameters: {} },
      'parameters.model',
    );
    const { results } = await this.node.methods!.listSearch![method]!.call(context as never, filter);
    return results;
  }

  /** The result of the editor's credential test. */
  async testCredential(data: ICredentialDataDecryptedObject): Promise<INodeCredentialTestResult> {
    const { testedBy } = this.node.description.credentials!.find(({ name }) => name === CREDENTIAL)!;
    const context = new this.#core.CredentialTestContext(this.#additionalData({ parameters: {}, credential: data }));
    const decrypted = { id: '1', name: 'Ollama', type: CREDENTIAL, data };
    return this.node.methods!.credentialTest![testedBy as string]!.call(context, decrypted);
  }

  /** The node type that n8n creates for agents, of the same class. */
  #toolType(name: NodeName): INodeType {
    const type = this.nodeType(name);
    const description = { ...type.description, name: `${name}Tool`, inputs: [], outputs: ['ai_tool'] };
    return Object.create(type, { description: { value: description } });
  }

  #workflowOf({ type = NODE, parameters, items = [{}], binary, onError, tools = [], binaryMode, ...more }: NodeSetup) {
    const nodeType = more.asEngineTool ? `${type}Tool` : type;
    const types: Record<string, INodeType> = {
      'test.items': itemsNode(items, binary),
      [type]: this.nodeType(type),
      [`${type}Tool`]: this.#toolType(type),
    };
    if (more.memory) types['test.memory'] = toolNode(more.memory);
    for (const [index, tool] of tools.entries()) types[`test.tool${index}`] = toolNode(tool);
    const nodeTypes: INodeTypes = {
      getByName: (type) => types[type]!,
      getByNameAndVersion: (type) => types[type]!,
      getKnownTypes: () => ({}),
    };
    const place = { typeVersion: 1, position: [0, 0] as [number, number] };
    return new this.#workflow.Workflow({
      id: '1',
      nodes: [
        { ...place, id: 'a', name: 'Items', type: 'test.items', parameters: {} },
        {
          ...place,
          id: 'b',
          name: 'Node',
          type: nodeType,
          parameters,
          credentials,
          ...(onError && { onError }),
        },
        ...(more.memory ? [{ ...place, id: 'm', name: 'Memory', type: 'test.memory', parameters: {} }] : []),
        ...tools.map((_, index) => ({
          ...place,
          id: `t${index}`,
          name: `Tool ${index}`,
          type: `test.tool${index}`,
          parameters: {},
        })),
      ],
      connections: {
        Items: { main: [[{ node: 'Node', type: 'main', index: 0 }]] },
        ...(more.memory && { Memory: { ai_memory: [[{ node: 'Node', type: 'ai_memory', index: 0 }]] } }),
        ...Object.fromEntries(
          tools.map((_, index) => [`Tool ${index}`, { ai_tool: [[{ node: 'Node', type: 'ai_tool', index: 0 }]] }]),
        ),
      },
      active: false,
      nodeTypes,
      ...(more.stored && { staticData: { 'node:Node': more.stored } }),
      settings: { executionOrder: 'v1', ...(binaryMode && { binaryMode }) },
    });
  }

  #additionalData({ credential, streaming }: NodeSetup, chunks: string[] = []) {
    return additionalData({ core: this.#core, type: this.credential, credential, streaming, chunks });
  }
}
