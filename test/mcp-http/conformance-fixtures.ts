import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { JSONRPCRequest, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';

/**
 * What the conformance suite asks a server to have, which no product has: tools, resources and prompts that give one
 * fixed thing each. They stand on the same HTTP stack and the same kind of server as the product's own.
 */
export function conformanceServer(): Server {
  const server = new Server(
    { name: 'conformance', version: '1.0.0' },
    { capabilities: { tools: {}, resources: {}, prompts: {}, completions: {}, logging: {} } },
  );
  server.fallbackRequestHandler = async ({ method, params }: JSONRPCRequest, extra) => {
    const { name = '', uri = '', arguments: args = {} } = (params ?? {}) as Params;
    switch (method) {
      case 'tools/list':
        return { tools: [...Object.keys(tools).map(listedTool), schemaTool] };
      case 'tools/call':
        return tools[name]?.({ server, extra, args }) ?? { content: [text(`There is no ${name}.`)], isError: true };
      case 'resources/list':
        return { resources: Object.keys(resources).map((known) => ({ uri: known, name: known })) };
      case 'resources/templates/list':
        return { resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template' }] };
      case 'resources/read':
        return { contents: [{ uri, ...(resources[uri] ?? fromTemplate(uri)) }] };
      case 'prompts/list':
        return { prompts: Object.keys(prompts).map((known) => ({ name: known, description: `Fixture ${known}` })) };
      case 'prompts/get':
        return { messages: prompts[name]?.(args).map((content) => ({ role: 'user', content })) ?? [] };
      case 'completion/complete':
        return { completion: { values: ['test value'] } };
      default:
        throw Object.assign(new Error('Method not found'), { code: -32601 });
    }
  };
  return server;
}

interface Params {
  name?: string;
  uri?: string;
  arguments?: Record<string, string>;
}

interface Call {
  server: Server;
  extra: RequestHandlerExtra<ServerRequest, ServerNotification>;
  args: Record<string, string>;
}

const text = (words: string) => ({ type: 'text', text: words });
const image = {
  type: 'image',
  data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  mimeType: 'image/png',
};
const audio = { type: 'audio', data: 'UklGRiQAAABXQVZFZm10IBAAAAABAAEA', mimeType: 'audio/wav' };
const embedded = (uri: string) => ({
  type: 'resource',
  resource: { uri, mimeType: 'text/plain', text: 'This is an embedded resource content.' },
});

const gives =
  (...content: object[]) =>
  async () => ({ content });

type RequestedSchema = NonNullable<
  Extract<Parameters<Server['elicitInput']>[0], { requestedSchema: unknown }>['requestedSchema']
>;

const asks =
  (properties: RequestedSchema['properties'], required: string[] = []) =>
  async ({ server, extra, args }: Call) => {
    const question = {
      message: args['message'] ?? 'Please choose.',
      requestedSchema: { type: 'object' as const, properties, required },
    };
    const { action, content } = await server.elicitInput(question, { relatedRequestId: extra.requestId });
    return { content: [text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`)] };
  };

const options = ['option1', 'option2', 'option3'];
const titled = [
  { const: 'value1', title: 'First' },
  { const: 'value2', title: 'Second' },
];

const tools: Record<string, (call: Call) => Promise<object>> = {
  test_simple_text: gives(text('This is a simple text response for testing.')),
  test_image_content: gives(image),
  test_audio_content: gives(audio),
  test_embedded_resource: gives(embedded('test://embedded-resource')),
  test_multiple_content_types: gives(
    text('Multiple content types test:'),
    image,
    embedded('test://mixed-content-resource'),
  ),
  test_error_handling: async () => ({
    content: [text('This tool intentionally returns an error for testing')],
    isError: true,
  }),
  async test_tool_with_logging({ extra }) {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data } });
    }
    return { content: [text('done')] };
  },
  async test_tool_with_progress({ extra }) {
    const progressToken = extra._meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [0, 50, 100]) {
      const params = { progressToken: progressToken ?? '', progress, total: 100 };
      await extra.sendNotification({ method: 'notifications/progress', params });
    }
    return { content: [text('done')] };
  },
  test_elicitation: asks({ username: { type: 'string' }, email: { type: 'string' } }, ['username', 'email']),
  test_elicitation_sep1034_defaults: asks({
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  }),
  test_elicitation_sep1330_enums: asks({
    untitledSingle: { type: 'string', enum: options },
    titledSingle: { type: 'string', oneOf: titled },
    legacyEnum: { type: 'string', enum: ['opt1', 'opt2'], enumNames: ['Option One', 'Option Two'] },
    untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
    titledMulti: { type: 'array', items: { anyOf: titled } },
  }),
};

const listedTool = (name: string) => ({ name, description: `Fixture ${name}`, inputSchema: { type: 'object' } });

const schemaTool = {
  name: 'json_schema_2020_12_tool',
  description: 'Tool with JSON Schema 2020-12 features',
  inputSchema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: { address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
    properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
    additionalProperties: false,
  },
};

const resources: Record<string, object> = {
  'test://static-text': { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { mimeType: 'image/png', blob: image.data },
};

const fromTemplate = (uri: string) => ({
  mimeType: 'application/json',
  text: JSON.stringify({ id: /^test:\/\/template\/(.+)\/data$/.exec(uri)?.[1], templateTest: true }),
});

const prompts: Record<string, (args: Record<string, string>) => object[]> = {
  test_simple_prompt: () => [text('This is a simple prompt for testing.')],
  test_prompt_with_arguments: ({ arg1, arg2 }) => [text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  test_prompt_with_embedded_resource: ({ resourceUri = '' }) => [embedded(resourceUri), text('Please process it.')],
  test_prompt_with_image: () => [image, text('Please analyze it.')],
};
