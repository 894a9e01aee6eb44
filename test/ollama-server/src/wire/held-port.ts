import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A port that nobody listens at. */
export interface HeldPort {
  release(): Promise<void>;
}

/**
 * Closes a port of 127.0.0.1 and keeps it as that of an outgoing connection: it refuses connections, and the system
 * gives it to no other process.
 */
export async function holdPort(port: number, close: () => Promise<void>): Promise<HeldPort> {
  const ends: (Server | Socket)[] = [];
  const peer = createServer((accepted) => ends.push(accepted.on('error', () => undefined)));
  // Before the port is free: it could get just that.
  await once(peer.listen(0, '127.0.0.1'), 'listening');
  await close();
  const target = (peer.address() as AddressInfo).port;
  const socket = connect({ host: '127.0.0.1', port: target, localAddress: '127.0.0.1', localPort: port });
  await Promise.all([once(peer, 'connection'), once(socket, 'connect')]);
  ends.push(peer, socket);
  // A held port keeps no program running.
  for (const end of ends) end.unref();
  return {
    release: async () => {
      // A program that does nothing else would end before they close.
      for (const end of ends) end.ref();
      const closed = [once(peer, 'close'), once(socket, 'close')];
      socket.resetAndDestroy();
      peer.close();
      await Promise.all(closed);
    },
  };
}
