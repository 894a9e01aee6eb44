import { createOllama, OllamaError, type Transport } from '@ollama-toolbelt/core/neutral';
import type {
  ICredentialDataDecryptedObject,
  ICredentialsDecrypted,
  ICredentialTestFunctions,
  INodeCredentialTestResult,
} from 'n8n-workflow';
import { authenticated } from './authenticate.ts';
import { checkedBaseUrl } from './base-url.ts';
import { sleep } from './n8n-transport.ts';
import { hintOf, messageOf } from './wording.ts';

/** How long a server may take to list its models, while a person waits. */
const LIMIT_MS = 10_000;

/**
 * Tests a credential by listing the models, and reports a failure as the node does. n8n's own credential test shows
 * only the code of an error, such as ECONNREFUSED.
 */
export async function serverAnswers(
  this: ICredentialTestFunctions,
  { data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
  try {
    // A value that cannot be sent is not a connection problem.
    authenticated(data, { url: '' });
    const ollama = createOllama({
      host: checkedBaseUrl(data['baseUrl']),
      transport: testTransport(this, data),
      sleep,
      now: () => performance.now(),
      retry: false,
    });
    await ollama.list({ timeouts: { totalMs: LIMIT_MS } });
    return { status: 'OK', message: 'Connection successful!' };
  } catch (error) {
    return { status: 'Error', message: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof OllamaError) return [messageOf(error), hintOf(error)].filter(Boolean).join(' ');
  const { message, description } = error as { message: string; description?: string | null };
  return [message, description].filter(Boolean).join('. ');
}

/** What n8n's helper for credential tests returns for `resolveWithFullResponse`. */
interface LegacyResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: unknown;
}

/** The only helper that n8n has for tests; it follows the same proxy and address rules as nodes. */
function testTransport(context: ICredentialTestFunctions, data: ICredentialDataDecryptedObject): Transport {
  return async ({ method, url, headers }) => {
    const { agentOptions, skipSslCertificateValidation, ...request } = authenticated(data, { url, headers });
    const response: LegacyResponse = await context.helpers.request({
      method,
      uri: url,
      headers: request.headers,
      resolveWithFullResponse: true,
      simple: false,
      followRedirect: false,
      // The client's own deadline, which says what happened, passes slightly earlier.
      timeout: 2 * LIMIT_MS,
      ...(agentOptions && { agentOptions }),
      ...(skipSslCertificateValidation && { rejectUnauthorized: false }),
    });
    const text = typeof response.body === 'string' ? response.body : JSON.stringify(response.body);
    return { status: response.statusCode, headers: response.headers, body: inOnePiece(new TextEncoder().encode(text)) };
  };
}

async function* inOnePiece(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
