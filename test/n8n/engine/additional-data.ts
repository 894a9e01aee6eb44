import type {
  ICredentialDataDecryptedObject,
  ICredentialsHelper,
  ICredentialType,
  IHttpRequestOptions,
  IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import type { N8n } from './load-n8n.ts';

interface Run {
  core: N8n['core'];
  type: ICredentialType;
  /** The values of the credential. */
  credential: ICredentialDataDecryptedObject;
  streaming?: boolean | undefined;
  /** Gets the data for the Webhook or Chat Trigger while the workflow runs. */
  chunks: string[];
}

/** What n8n's server passes to its engine for each run, as far as nodes can see it. */
export function additionalData({ core, type, credential, streaming, chunks }: Run): IWorkflowExecuteAdditionalData {
  const at = new Date(0);
  const hooks = new core.ExecutionLifecycleHooks('manual', '1', {
    id: '1',
    name: 'w',
    active: false,
    isArchived: false,
    connections: {},
    nodes: [],
    settings: {},
    createdAt: at,
    updatedAt: at,
    activeVersionId: null,
  } as never);
  hooks.addHandler('sendChunk', ({ type, content }) => {
    chunks.push(type === 'item' ? String(content) : `<${type}>`);
  });
  return {
    ...(streaming && { streamingEnabled: true }),
    credentialsHelper: credentialsHelper(type, credential),
    hooks,
    executionId: '1',
    restApiUrl: '',
    instanceBaseUrl: '',
    formWaitingBaseUrl: 'http://n8n.test/form-waiting',
    webhookBaseUrl: 'http://n8n.test/webhook',
    webhookWaitingBaseUrl: 'http://n8n.test/webhook-waiting',
    webhookTestBaseUrl: 'http://n8n.test/webhook-test',
    userId: '1',
    variables: {},
    setExecutionStatus: () => {},
    logAiEvent: () => {},
  } as unknown as IWorkflowExecuteAdditionalData;
}

/** n8n's own needs its database. What matters here is that the credential's `authenticate` is the real one. */
function credentialsHelper(type: ICredentialType, data: ICredentialDataDecryptedObject): ICredentialsHelper {
  return {
    getParentTypes: () => [],
    isCredentialUsableByNode: () => true,
    getCredentialsProperties: () => type.properties,
    getDecrypted: async () => ({ ...data }),
    preAuthentication: async () => undefined,
    authenticate: async (decrypted: ICredentialDataDecryptedObject, name: string, request: IHttpRequestOptions) => {
      if (typeof type.authenticate === 'function' && name === type.name) return type.authenticate(decrypted, request);
      // As n8n's own Ollama credential declares it.
      return { ...request, headers: { ...request.headers, Authorization: `Bearer ${decrypted['apiKey']}` } };
    },
  } as unknown as ICredentialsHelper;
}
