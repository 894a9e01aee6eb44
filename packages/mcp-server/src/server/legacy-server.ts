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

/** The server of the SDK for clients of the revisions up to 2025-11-25. */
export class LegacyServer extends Server {
  constructor(info: Implementation, options: ServerOptions) {
    super(info, options);
    // The SDK's own handlers would make the schemas of all messages there are, for the first one: a tenth of the start, and
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

/** These revisions have a code of their own for a resource that is not there. The SDK sends the one that came after it. */
function withOldCode(message: JSONRPCMessage): JSONRPCMessage {
  if (!('error' in message) || message.error.code !== INVALID_PARAMS) return message;
  const isAboutResource = (message.error.data as { uri?: unknown } | undefined)?.uri !== undefined;
  return isAboutResource ? { ...message, error: { ...message.error, code: NOT_FOUND } } : message;
}
