import { createOllama, type Ollama } from '@ollama-toolbelt/core/neutral';
import { checkedBaseUrl } from './base-url.ts';
import { credentialOf } from './credentials.ts';
import { n8nTransport, type RequestContext, sleep } from './n8n-transport.ts';

/** The address in the node's credential. */
export async function baseUrlOf(context: RequestContext): Promise<string> {
  const { baseUrl } = await context.getCredentials(credentialOf(context.getNode()));
  return checkedBaseUrl(baseUrl);
}

/** A client of the server that the node's credential names. */
export async function connect(context: RequestContext): Promise<Ollama> {
  const host = await baseUrlOf(context);
  return createOllama({ host, transport: n8nTransport(context), sleep, now: () => performance.now() });
}
