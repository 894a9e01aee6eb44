import type {
  ICredentialDataDecryptedObject,
  ICredentialType,
  IHttpRequestOptions,
  INodeProperties,
} from 'n8n-workflow';
import { authenticated } from '../nodes/shared/authenticate.ts';

/** The nodes test it: a test declared here could not say what to do if the server does not respond. */
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
        'Address at which n8n reaches the Ollama server. If n8n runs in Docker and Ollama on the same machine, use http://host.docker.internal:11434. For Ollama Cloud, use https://ollama.com.',
    },
    {
      displayName: 'Authentication',
      name: 'authentication',
      type: 'options',
      options: [
        { name: 'Basic', value: 'basic', description: 'User and password, for a proxy in front of the server' },
        { name: 'Bearer', value: 'bearer', description: 'API key of Ollama Cloud, or a token for a proxy' },
        { name: 'Custom Headers', value: 'headers', description: 'Your own headers, such as for Cloudflare Access' },
        { name: 'None', value: 'none', description: 'Your own server needs none' },
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
      description:
        'Sent as a bearer token. You can enter it with or without "Bearer". If it is empty, no header is sent.',
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
      // As in n8n's own Custom Auth: n8n's server does not return the values again.
      typeOptions: { redactJsonLeaves: true },
      default: '{\n  "X-Api-Key": ""\n}',
      displayOptions: { show: { authentication: ['headers'] } },
      description: 'JSON object of header names and values, sent with every request',
    },
    {
      displayName: 'CA Certificate',
      name: 'ca',
      type: 'string',
      typeOptions: { rows: 4 },
      default: '',
      placeholder: '-----BEGIN CERTIFICATE-----',
      description:
        "Certificate (PEM) of your own certificate authority, if it has signed the server's certificate. You can paste several, one after another.",
    },
    {
      displayName: 'Ignore SSL Issues (Insecure)',
      name: 'ignoreTls',
      type: 'boolean',
      default: false,
      description: "Whether to connect even if the server's certificate cannot be verified",
    },
  ];

  /** A function, because the declarative form cannot omit a header, and without a key none may be sent. */
  async authenticate(
    credentials: ICredentialDataDecryptedObject,
    request: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> {
    return authenticated(credentials, request);
  }
}
