import { OllamaError, parseHost } from '@ollama-toolbelt/core';
import type {
  ICredentialDataDecryptedObject,
  ICredentialTestRequest,
  ICredentialType,
  IHttpRequestOptions,
  INodeProperties,
} from 'n8n-workflow';
import { isObject, parsedJson } from '../nodes/shared/json.ts';

const forStatus = (statuses: number[], message: string) =>
  statuses.map((value) => ({ type: 'responseCode', properties: { value, message } }));

/** What the credential test says. n8n takes rules of both kinds in one list, though its types have them apart. */
const rules: object[] = [
  ...forStatus([401, 403], 'The server refuses these credentials. Check Authentication and its values.'),
  ...forStatus([404, 405], 'Something answers, but not Ollama at this path. Check the port and the path of Base URL.'),
  ...forStatus([502, 503, 504], 'A proxy answers, but the Ollama server behind it does not. Is it running?'),
  {
    type: 'responseSuccessBody',
    // What is undefined here is a page or the answer of some other service.
    properties: {
      key: 'models',
      value: undefined,
      message: 'Something other than Ollama answers at this address. Check the host, the port and the path.',
    },
  },
];

export class OllamaBeltApi implements ICredentialType {
  name = 'ollamaBeltApi';

  displayName = 'Ollama Toolbelt API';

  documentationUrl = 'https://github.com/ollama-toolbelt/ollama-toolbelt/tree/main/packages/n8n-nodes#credentials';

  icon = { light: 'file:../icons/toolbelt.svg', dark: 'file:../icons/toolbelt.dark.svg' } as const;

  properties: INodeProperties[] = [
    {
      displayName: 'Base URL',
      name: 'baseUrl',
      type: 'string',
      required: true,
      default: 'http://127.0.0.1:11434',
      placeholder: 'e.g. http://host.docker.internal:11434',
      description:
        'Address of the Ollama server, as n8n reaches it. When n8n runs in Docker and Ollama on the same machine, use http://host.docker.internal:11434. For Ollama Cloud, use https://ollama.com.',
    },
    {
      displayName: 'Authentication',
      name: 'authentication',
      type: 'options',
      options: [
        { name: 'Basic', value: 'basic', description: 'User and password, for a proxy in front of the server' },
        { name: 'Bearer', value: 'bearer', description: 'API key of Ollama Cloud, or a token for a proxy' },
        { name: 'Custom Headers', value: 'headers', description: 'Headers of your own, such as for Cloudflare Access' },
        { name: 'None', value: 'none', description: 'A server of your own needs none' },
      ],
      default: 'none',
    },
    {
      displayName: 'API Key',
      name: 'apiKey',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      displayOptions: { show: { authentication: ['bearer'] } },
      description: 'Sent as a bearer token; if it is empty, no header is sent',
    },
    {
      displayName: 'User',
      name: 'user',
      type: 'string',
      default: '',
      displayOptions: { show: { authentication: ['basic'] } },
    },
    {
      displayName: 'Password',
      name: 'password',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      displayOptions: { show: { authentication: ['basic'] } },
    },
    {
      displayName: 'Headers',
      name: 'headers',
      type: 'json',
      default: '{\n  "X-Api-Key": ""\n}',
      displayOptions: { show: { authentication: ['headers'] } },
      description: 'JSON object of header names and values, sent with every request',
    },
    {
      displayName: 'Ignore SSL Issues (Insecure)',
      name: 'ignoreTls',
      type: 'boolean',
      default: false,
      description: 'Whether to connect even if the certificate of the server cannot be verified',
    },
  ];

  test: ICredentialTestRequest = {
    request: { baseURL: '={{ $credentials.baseUrl }}', url: '/api/tags' },
    rules: rules as ICredentialTestRequest['rules'] & object,
  };

  /** A function, because the declarative form cannot leave out a header: without a key none is sent. */
  async authenticate(
    credentials: ICredentialDataDecryptedObject,
    request: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> {
    const authenticated: IHttpRequestOptions = { ...request };
    const headers = new Map(
      Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value as unknown]),
    );
    const own = headersOf(credentials);
    if (request.baseURL !== undefined) {
      // The credential test, which has the address as it was typed; the node's own requests name the whole URL.
      const host = parseHost(request.baseURL);
      authenticated.baseURL = host.url;
      if (host.authorization !== undefined) headers.set('authorization', host.authorization);
    }
    for (const [name, value] of own) {
      // A name and password in the address beat a key, but not a header that is asked for by its name.
      if (credentials['authentication'] === 'headers' || !headers.has(name)) headers.set(name, value);
    }
    authenticated.headers = Object.fromEntries(headers) as Record<string, string>;
    if (credentials['ignoreTls'] === true) authenticated.skipSslCertificateValidation = true;
    return authenticated;
  }
}

function headersOf(credentials: ICredentialDataDecryptedObject): [name: string, value: string][] {
  const text = (name: string) => String(credentials[name] ?? '');
  switch (credentials['authentication']) {
    case 'bearer': {
      const key = text('apiKey').trim();
      return key === '' ? [] : [['authorization', `Bearer ${key}`]];
    }
    case 'basic': {
      const pair = Buffer.from(`${text('user')}:${text('password')}`).toString('base64');
      return pair === 'Og==' ? [] : [['authorization', `Basic ${pair}`]];
    }
    case 'headers': {
      const headers = parsedJson(credentials['headers']);
      if (!isObject(headers)) {
        throw new OllamaError('Headers of the credential is not a JSON object, such as { "X-Api-Key": "…" }', {
          code: 'bad_request',
        });
      }
      const pairs = Object.entries(headers).map(([name, value]): [string, string] => [
        name.toLowerCase(),
        String(value),
      ]);
      return pairs.filter(([name, value]) => name !== '' && value !== '');
    }
    default:
      return [];
  }
}
