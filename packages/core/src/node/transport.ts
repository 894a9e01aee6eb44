import { OllamaError } from '../errors/errors.ts';
import { createFetchTransport } from '../fetch/http/transport.ts';
import { realSignal } from '../http/cancel.ts';
import { lightTransport, type Transport } from '../platform.ts';
import type { DispatcherOptions } from './http/dispatcher.ts';
import { createNodeTransport, type NodeTransport } from './http/transport.ts';

/**
 * The transport that works here: undici's if it can be loaded, otherwise the platform's `fetch`. Bun has a module of
 * that name without dispatchers, and a bundle as an ES module cannot `require` what undici needs.
 */
export function createTransport(options: DispatcherOptions): { transport: Transport; close(): Promise<void> } {
  let chosen: NodeTransport | undefined;
  let choosing: Promise<NodeTransport> | undefined;
  const chooseOnce = async () => {
    choosing ??= choose(options);
    chosen = await choosing;
    return chosen;
  };
  return {
    transport: lightTransport(async (request, signal) => {
      const { transport } = chosen ?? (await chooseOnce());
      return transport(request, signal);
    }),
    close: async () => (await choosing)?.close(),
  };
}

async function choose(options: DispatcherOptions): Promise<NodeTransport> {
  let failure: unknown;
  if (process.versions['bun'] === undefined) {
    try {
      const { Agent } = await import('undici');
      if (typeof Agent.prototype.dispatch === 'function') return createNodeTransport(options);
    } catch (error) {
      failure = error;
    }
  }
  const transport = fetchTransport(options, failure);
  return { transport: (request, signal) => transport(request, realSignal(signal)), close: async () => {} };
}

function fetchTransport(options: DispatcherOptions, failure: unknown): Transport {
  if (process.versions['bun'] !== undefined) return createFetchTransport({ settings: bunSettings(options) });
  const { connections: _, ...needUndici } = options;
  const name = Object.entries(needUndici).find(([, value]) => value !== undefined && value !== false)?.[0];
  if (name === undefined) return createFetchTransport();
  return async () => {
    throw new OllamaError(`"${name}" needs undici, which cannot be loaded here.`, {
      code: 'unsupported',
      option: name,
      hint: 'Leave undici out of the bundle (with esbuild: --external:undici) and install it beside it.',
      cause: failure,
    });
  };
}

/** Bun's extra options for `fetch`. Without a value for `proxy`, Bun would read the environment by its own rules. */
function bunSettings({ proxy, ca, insecure, socketPath }: DispatcherOptions): object {
  const tls = {
    ...(ca !== undefined && { ca }),
    ...(insecure === true && { rejectUnauthorized: false }),
  };
  return {
    proxy: proxy ?? false,
    ...(Object.keys(tls).length > 0 && { tls }),
    ...(socketPath !== undefined && { unix: socketPath }),
  };
}
