import { parseHost } from '@ollama-toolbelt/core';
import type {
  ICredentialDataDecryptedObject,
  ICredentialTestRequest,
  ICredentialType,
  IHttpRequestOptions,
  INodeProperties,
} from 'n8n-workflow';

export class OllamaToolbeltApi implements ICredentialType {
  name = 'ollamaToolbeltApi';

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
      displayName: 'API Key',
      name: 'apiKey',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      description:
        'Sent as a bearer token, to Ollama Cloud or to a proxy in front of the server. A local Ollama server needs none: leave it empty.',
    },
  ];

  test: ICredentialTestRequest = {
    request: { baseURL: '={{ $credentials.baseUrl }}', url: '/api/tags' },
    rules: [
      {
        type: 'responseSuccessBody',
        // What is undefined here is a page or the answer of some other service.
        properties: {
          key: 'models',
          value: undefined,
          message: 'Something other than Ollama answers at this address. Check the host, the port and the path.',
        },
      },
    ],
  };

  /** A function, because the declarative form cannot leave out a header: without a key none is sent. */
  async authenticate(
    credentials: ICredentialDataDecryptedObject,
    request: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> {
    const headers = { ...request.headers };
    const authenticated: IHttpRequestOptions = { ...request, headers };
    const key = String(credentials['apiKey'] ?? '').trim();
    let authorization = key === '' ? undefined : `Bearer ${key}`;
    if (request.baseURL !== undefined) {
      // The credential test, which has the address as it was typed; the node's own requests name the whole URL.
      const host = parseHost(request.baseURL);
      authenticated.baseURL = host.url;
      authorization = host.authorization ?? authorization;
    }
    const isSet = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
    if (authorization !== undefined && !isSet) headers['authorization'] = authorization;
    return authenticated;
  }
}
