import { isLoopback, type OllamaError } from '@ollama-toolbelt/core/neutral';
import { formatDuration } from './format-duration.ts';

export interface ErrorWords {
  /** What happened. */
  message: string;
  /** What to do about it. */
  hint: string | undefined;
}

/** The setting for the address of Ollama, unless a server has another one. */
export const DEFAULT_ADDRESS_SETTING = 'OLLAMA_HOST';

/**
 * The message of an error for users of this server. They cannot set the client options that the core's messages name.
 *
 * @param addressSetting the setting to change if the address is wrong
 */
export function errorWords(error: OllamaError, url: string, addressSetting = DEFAULT_ADDRESS_SETTING): ErrorWords {
  const { code, message, hint, model, limit, limitMs = 0, path, maxBytes } = error;
  switch (code) {
    case 'refused':
      return { message, hint: refusedHint(url, addressSetting) };
    case 'connection_failed':
      return {
        message,
        hint: `Check the address (${addressSetting}), its port (fetch blocks some, such as 1 and 6000), and that Ollama is running there.`,
      };
    case 'dns':
      return {
        message,
        hint: `Check the host name in ${addressSetting}. Inside Docker on Linux, host.docker.internal needs --add-host=host.docker.internal:host-gateway.`,
      };
    case 'wrong_server':
      return {
        message,
        hint: `Something other than Ollama responds there. Check the host, port and path in ${addressSetting}.`,
      };
    case 'redirect':
      return { message, hint: `Set ${addressSetting} to the address the server redirects to.` };
    case 'timeout':
      return timeoutWords(limit, formatDuration(limitMs), url, addressSetting);
    case 'line_too_long':
      return {
        message: `One line of the answer of Ollama at ${url} is longer than ${maxBytes} bytes.`,
        hint: 'Ask for a shorter answer.',
      };
    case 'unsupported':
      return { message, hint: "Check what the model can do (ollama_show_model), and the server's version." };
    case 'bad_modelfile':
      return { message, hint: path === undefined ? hint : 'The file must be in one of the allowed folders.' };
    case 'bad_output':
      if (doneReason(error.partial) !== 'length') return { message, hint: 'Try a simpler schema or another model.' };
      return {
        message: `The answer of ${model} reached its maximum length before its JSON was complete.`,
        hint: 'Raise options.num_predict or options.num_ctx, or ask for less.',
      };
    default:
      return { message, hint };
  }
}

function refusedHint(url: string, addressSetting: string): string {
  return isOwnMachine(url)
    ? `Start Ollama there ("ollama serve"), or set ${addressSetting} to where it runs. Inside Docker, 127.0.0.1 is the container itself: use http://host.docker.internal:11434. If the address says localhost, try 127.0.0.1.`
    : `Check the address (${addressSetting}), that Ollama is running there and listens on that address (OLLAMA_HOST=0.0.0.0 on its machine), and that no firewall is in between.`;
}

const isOwnMachine = (url: string) => url.startsWith('unix:') || isLoopback(new URL(url).hostname);

function timeoutWords(limit: OllamaError['limit'], time: string, url: string, addressSetting: string): ErrorWords {
  switch (limit) {
    case 'connect':
      return {
        message: `Ollama at ${url} accepted no connection within ${time}.`,
        hint: `Check the address (${addressSetting}), that the server is running there, and that no firewall is in between.`,
      };
    case 'firstByte':
      return {
        message: `Ollama at ${url} began no answer within ${time}.`,
        hint: 'Nothing arrives while a model loads: try again, or load it first (ollama_load_model).',
      };
    case 'idle':
      return {
        message: `Ollama at ${url} sent no data for ${time}.`,
        hint: "Check the Ollama server's log, then try again.",
      };
    default:
      return {
        message: `Ollama at ${url} did not complete the answer within ${time}.`,
        hint: 'The server may be busy: try again later.',
      };
  }
}

function doneReason(partial: unknown): unknown {
  return typeof partial === 'object' && partial !== null && 'done_reason' in partial ? partial.done_reason : undefined;
}
