import type { INode, INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/** Our credential, and that of n8n's own Ollama nodes. */
const OWN = 'ollamaBeltApi';
const BUILT_IN = 'ollamaApi';

/**
 * Which of the two a node uses; ours by default. n8n's editor lists the credentials of both in one field, and sets this
 * from the choice.
 */
const authentication: INodeProperties = {
  displayName: 'Authentication',
  name: 'authentication',
  type: 'options',
  noDataExpression: true,
  options: [
    { name: 'Ollama (Built-In Credential)', value: BUILT_IN, description: "The credential of n8n's own Ollama nodes" },
    {
      name: 'Ollama Toolbelt',
      value: OWN,
      description: 'Also supports basic authentication, headers and certificates',
    },
  ],
  default: OWN,
};

/**
 * Lets people who have set up n8n's own Ollama nodes reuse their credential: n8n adds its base URL and its key to the
 * node's requests. The rule for verified packages (`no-credential-reuse`) allows a package only its own credentials;
 * docs/decisions says why these nodes break it.
 */
export function offerBuiltInCredential(description: INodeTypeDescription): void {
  const own = description.credentials?.map((credential) => ({
    ...credential,
    // A workflow that a program saved without defaults has no choice.
    displayOptions: { show: { authentication: [OWN, undefined] } },
  }));
  const builtIn = { name: BUILT_IN, required: true, displayOptions: { show: { authentication: [BUILT_IN] } } };
  description.credentials = [...(own ?? []), builtIn];
  description.properties = [authentication, ...description.properties];
}

/** The credential type that a node uses. */
export const credentialOf = ({ parameters }: INode): string =>
  parameters['authentication'] === BUILT_IN ? BUILT_IN : OWN;
