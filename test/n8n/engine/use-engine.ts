import { type ScriptedOptions, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach } from 'vitest';
import { Engine } from './engine.ts';

interface EngineSetup {
  /** Whether n8n has its package for AI nodes, as newer versions do. */
  withSdk?: boolean;
  models?: ScriptedOptions['models'];
}

/**
 * n8n's engine and a server for it, for all tests of the calling file. After each test the server forgets its requests
 * and replies; after the last one both end.
 */
export async function useEngine({ withSdk = false, models }: EngineSetup = {}): Promise<{
  engine: Engine;
  server: ScriptedServer;
}> {
  const stack = new AsyncDisposableStack();
  afterEach(() => server.reset());
  afterAll(() => stack.disposeAsync());
  const engine = stack.use(await Engine.start({ withSdk }));
  const server = stack.use(await startScripted({ ...(models && { models }) }));
  return { engine, server };
}
