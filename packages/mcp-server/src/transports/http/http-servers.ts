import type { Server } from '@modelcontextprotocol/server';
import { createMcpServer, type McpServer, type McpServerOptions, toolsFor } from '../../server/mcp-server.ts';
import { newestProtocol, type Protocol } from '../../server/protocols.ts';
import { scopeRules } from '../../server/scope-rules.ts';
import { type CreateSdkServer, sdkServers } from '../../server/sdk-server.ts';
import type { ModernServers } from './modern.ts';
import type { HttpServiceOptions } from './service.ts';
import { SharedServers } from './shared-servers.ts';

export interface HttpServersOptions extends Omit<McpServerOptions, 'mode'>, Pick<HttpServiceOptions, 'mode'> {
  /** @default '2026-07-28' */
  protocol?: Protocol;
  /** Shared by all servers at one address, and secret if possible. */
  stateKey: string;
}

type Servers = Pick<HttpServiceOptions, 'mode' | 'createServer' | 'modern' | 'isBusy' | 'memory' | 'scopes'>;

/** Creates the servers behind HTTP: one of ours for each session, or one for all requests. */
export function httpServers(options: HttpServersOptions): Servers {
  const { mode, memory, protocol = newestProtocol, stateKey } = options;
  const isModern = protocol !== '2025-11-25';
  const common = { mode, scopes: scopeRules(toolsFor(options)), ...(memory && { memory }) };
  if (mode === 'stateless') {
    const create = sdkServers(createMcpServer(options), stateKey);
    return {
      ...common,
      createServer: () => create('legacy'),
      ...(isModern && { modern: { createServer: (_, method) => create('modern', method), close: () => {} } }),
    };
  }
  const ours = new WeakMap<Server, McpServer>();
  const createServer = () => {
    const mcp = createMcpServer(options);
    const server = sdkServers(mcp)('legacy');
    server.onclose = () => mcp.close();
    ours.set(server, mcp);
    return server;
  };
  return {
    ...common,
    createServer,
    isBusy: (server) => ours.get(server)?.hasRunningJobs() === true,
    ...(isModern && { modern: modernWithState(options, stateKey) }),
  };
}

/** There are no sessions from 2026-07-28 on: anyone who knows the id of a kept item can use it. */
function modernWithState(options: HttpServersOptions, stateKey: string): ModernServers {
  const shared = new SharedServers<{ mcp: McpServer; create: CreateSdkServer }>(
    () => {
      const mcp = createMcpServer({ ...options, mode: 'shared' });
      return { mcp, create: sdkServers(mcp, stateKey) };
    },
    { isBusy: ({ mcp }) => mcp.hasRunningJobs(), close: ({ mcp }) => mcp.close() },
  );
  return {
    createServer: (subject, method) => shared.of(subject).create('modern', method),
    tasksOf: (subject) => shared.of(subject).mcp.tasks,
    close: () => shared.close(),
  };
}
