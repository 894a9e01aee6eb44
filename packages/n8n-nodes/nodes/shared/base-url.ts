import { OllamaError, parseHost } from '@ollama-toolbelt/core/neutral';

/**
 * The Base URL of a credential. An expression in it may return anything, and a text without an address would mean this
 * machine.
 *
 * @throws OllamaError `bad_host`
 */
export function checkedBaseUrl(value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '') throw badHost('The credential has no Base URL.');
  if (parseHost(value).socketPath === undefined) return value;
  throw badHost('The address is a Unix socket, and n8n cannot connect to those.');
}

const badHost = (message: string) => new OllamaError(message, { code: 'bad_host' });
