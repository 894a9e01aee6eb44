import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Asked } from './asked.ts';

/** The capabilities that the client declares with each request, or declared in the handshake. */
export const capabilitiesOf = ({
  era,
  server,
  context,
}: Pick<Asked, 'era' | 'server' | 'context'>): ClientCapabilities | undefined =>
  era === 'modern' ? envelopeOf(context)?.[CLIENT_CAPABILITIES_META_KEY] : server.getClientCapabilities();

const envelopeOf = ({ mcpReq }: ServerContext) =>
  mcpReq.envelope as { [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } | undefined;
