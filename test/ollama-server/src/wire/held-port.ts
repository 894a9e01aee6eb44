import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A port that nobody listens at. */
export interface HeldPort {
  release(): Promise<void>;
}

/**
 * Closes a port of 127.0.0.1 and keeps it as that of an outgoing connection: it refuses connections, and the system
 * gives it to no other process.
 */
export async function holdPort(port: number, close: () => Promise<void>): Promise<HeldPort> {
  const peer = createServer((socket) => socket.on('error', () => undefined).unref());
  // Before the port is free: it could get just that.
  await once(peer.listen(0, '127.0.0.1').unref(), 'listening');
  await close();
  const target = (peer.address() as AddressInfo).port;
  const socket = connect({ host: '127.0.0.1', port: target, localAddress: '127.0.0.1', localPort: port }).unref();
  await once(socket, 'connect');
  return {
    release: async () => {
      const closed = [once(peer, 'close'), once(socket, 'close')];
      socket.resetAndDestroy();
      peer.close();
      await Promise.all(closed);
    },
  };
}
