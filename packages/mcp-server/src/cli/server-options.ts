import { createOllama } from '@ollama-toolbelt/core/node';
import type { McpServerOptions } from '../server/mcp-server.ts';
import { OllamaServers } from '../servers/ollama-servers.ts';
import type { ServerAddress } from '../servers/server-addresses.ts';
import { MemoryBudget } from '../tools/memory-budget.ts';
import { addressSetting } from './address-setting.ts';
import { type DiskFiles, diskFilesIn } from './disk-files.ts';
import { memoryBytes } from './memory.ts';
import type { ReadConfig } from './read-config.ts';
import { serversIn } from './servers-in.ts';

/** Passes all options, because the core would read missing ones from the environment, even unfilled placeholders. */
export function serversFor(read: ReadConfig, files?: DiskFiles): OllamaServers {
  const { concurrency } = read.config;
  const openFile = files && ((path: string) => files.openForCore(path));
  const own = ({ name, host, apiKey }: ServerAddress) => ({
    name,
    ollama: createOllama({ host, apiKey, concurrency, openFile, embedCache: files?.vectors }),
  });
  const [first, ...others] = serversIn(read);
  return new OllamaServers(own(first), ...others.map(own));
}

/** Server options from the settings. `inEntry`: whether an agent host started it from an entry in its settings. */
export function optionsFor(
  read: ReadConfig,
  inEntry: boolean,
): Omit<McpServerOptions, 'mode' | 'memory'> & { memory: MemoryBudget } {
  const { config, hostFrom } = read;
  const { model, embedModel, toolsets, tools, excludeTools, readOnly, confirm, concurrency, budgetMs, memoryMb } =
    config;
  const files = diskFilesIn(config);
  return {
    servers: serversFor(read, files),
    addressSetting: addressSetting(hostFrom, inEntry),
    models: { chat: model, embed: embedModel },
    select: { toolsets, tools, excludeTools, readOnly },
    ...(files && { files }),
    confirm: confirm === 'argument' ? 'argument' : 'ask',
    concurrency,
    budgetMs,
    memory: new MemoryBudget(memoryBytes(memoryMb)),
  };
}
