import type { INode, INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/** Our credential, and that of n8n's own Ollama nodes. */
const OWN = 'ollamaBeltApi';
const BUILT_IN = 'ollamaApi';

/**
 * Which of the two a node uses; ours if it does not say. n8n's editor lists the credentials of both in one field, and sets
 * this by the choice.
 */
const authentication: INodeProperties = {
  displayName: 'Authentication',
  name: 'authentication',
  type: 'options',
  noDataExpression: true,
  options: [
    { name: 'Ollama (Built-In Credential)', value: BUILT_IN, description: "The credential of n8n's own Ollama nodes" },
    { name: 'Ollama Toolbelt', value: OWN, description: 'Also has basic authentication, headers and certificates' },
  ],
  default: OWN,
};

/**
 * Lets people who have set n8n's own Ollama nodes up need no second credential: n8n adds its base URL and its key to what a
 * node sends. Its rule for verified packages (`no-credential-reuse`) wants a package to use credentials of its own alone;
 * docs/decisions says why these nodes do not.
 */
export function offerBuiltInCredential(description: INodeTypeDescription): void {
  const own = description.credentials?.map((credential) => ({
    ...credential,
    // Nothing is chosen in what a program saves without defaults.
    displayOptions: { show: { authentication: [OWN, undefined] } },
  }));
  const builtIn = { name: BUILT_IN, required: true, displayOptions: { show: { authentication: [BUILT_IN] } } };
  description.credentials = [...(own ?? []), builtIn];
  description.properties = [authentication, ...description.properties];
}

/** The type of the credential that a node uses. */
export const credentialOf = ({ parameters }: INode): string =>
  parameters['authentication'] === BUILT_IN ? BUILT_IN : OWN;
