import { createOllama, type Ollama, OllamaError, parseHost } from '@ollama-toolbelt/core/neutral';
import { credentialOf } from './credentials.ts';
import { n8nTransport, type RequestContext, sleep } from './n8n-transport.ts';

/** A client of the server that the node's credential names. */
export async function connect(context: RequestContext): Promise<Ollama> {
  const { baseUrl } = await context.getCredentials<{ baseUrl: string }>(credentialOf(context.getNode()));
  if (parseHost(baseUrl).socketPath !== undefined) {
    throw new OllamaError('The address is a Unix socket, and n8n cannot connect to those.', { code: 'bad_host' });
  }
  return createOllama({ host: baseUrl, transport: n8nTransport(context), sleep, now: () => performance.now() });
}
