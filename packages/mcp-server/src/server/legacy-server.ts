import {
  type CancelledNotification,
  type Implementation,
  type InitializeRequest,
  type JSONRPCMessage,
  Server,
  type ServerOptions,
  type Transport,
} from '@modelcontextprotocol/server';
import { anyParams } from './any-params.ts';

const NOT_FOUND = -32002;
const INVALID_PARAMS = -32602;

/** The SDK's server, for clients of revisions up to 2025-11-25. */
export class LegacyServer extends Server {
  constructor(info: Implementation, options: ServerOptions) {
    super(info, options);
    // The SDK's own handlers would create the schemas of all messages for the first one: a tenth of the start time, and
    // six megabytes.
    this.setRequestHandler('initialize', { params: anyParams }, (params) =>
      this['_oninitialize']({ method: 'initialize', params: params as InitializeRequest['params'] }),
    );
    this.setNotificationHandler('notifications/initialized', { params: anyParams }, () => {});
    this.setNotificationHandler('notifications/cancelled', { params: anyParams }, (params) =>
      this['_oncancel']({ method: 'notifications/cancelled', params: params as CancelledNotification['params'] }),
    );
  }

  override connect(transport: Transport): Promise<void> {
    const send = transport.send.bind(transport);
    transport.send = (message, options) => send(withOldCode(message), options);
    return super.connect(transport);
  }
}

/** These revisions use a different code for a missing resource. The SDK only sends the newer one. */
function withOldCode(message: JSONRPCMessage): JSONRPCMessage {
  if (!('error' in message) || message.error.code !== INVALID_PARAMS) return message;
  const isAboutResource = (message.error.data as { uri?: unknown } | undefined)?.uri !== undefined;
  return isAboutResource ? { ...message, error: { ...message.error, code: NOT_FOUND } } : message;
}
