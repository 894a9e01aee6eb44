import { createOllama, OllamaError, type Transport } from '@ollama-toolbelt/core/neutral';
import type {
  ICredentialDataDecryptedObject,
  ICredentialsDecrypted,
  ICredentialTestFunctions,
  INodeCredentialTestResult,
} from 'n8n-workflow';
import { authenticated } from './authenticate.ts';
import { sleep } from './n8n-transport.ts';
import { hintOf, messageOf } from './wording.ts';

/** How long a server may take to list its models. Somebody sits before it and waits. */
const LIMIT_MS = 10_000;

/**
 * Tests a credential by listing the models, and says what goes wrong as the node does. n8n's own test of a credential shows
 * the code of an error alone, such as ECONNREFUSED.
 */
export async function serverAnswers(
  this: ICredentialTestFunctions,
  { data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
  try {
    // What cannot be sent is not a matter of the connection.
    authenticated(data, { url: '' });
    const ollama = createOllama({
      host: String(data['baseUrl'] ?? ''),
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

/** What n8n's helper for tests of credentials gives for `resolveWithFullResponse`. */
interface LegacyResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: unknown;
}

/** The one helper that n8n has for tests; it goes by the proxies and the rules on addresses that nodes go by. */
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
      // The client's own limit, which says what happened, is a moment earlier.
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
