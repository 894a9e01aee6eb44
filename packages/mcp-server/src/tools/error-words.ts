import type { OllamaError } from '@ollama-toolbelt/core/neutral';
import { formatDuration } from './format-duration.ts';

export interface ErrorWords {
  /** What happened. */
  message: string;
  /** What to do about it. */
  hint: string | undefined;
}

/** An error in words for users of this server, who cannot set the options of the client that the core's words name. */
export function errorWords(error: OllamaError, url: string): ErrorWords {
  const { code, message, hint, model, limit, limitMs = 0, path, maxBytes } = error;
  switch (code) {
    case 'timeout':
      return timeoutWords(limit, formatDuration(limitMs), url);
    case 'line_too_long':
      return {
        message: `One line of the answer of Ollama at ${url} is longer than ${maxBytes} bytes.`,
        hint: 'Ask for a shorter answer.',
      };
    case 'unsupported':
      return { message, hint: 'Check what the model can do (ollama_show_model), and the version of the server.' };
    case 'bad_modelfile':
      return { message, hint: path === undefined ? hint : 'The file has to be in one of the allowed folders.' };
    case 'bad_output':
      if (doneReason(error.partial) !== 'length') return { message, hint: 'Try a simpler schema or another model.' };
      return {
        message: `The answer of ${model} stopped at its length, before its JSON was complete.`,
        hint: 'Raise options.num_predict or options.num_ctx, or ask for less.',
      };
    default:
      return { message, hint };
  }
}

function timeoutWords(limit: OllamaError['limit'], time: string, url: string): ErrorWords {
  switch (limit) {
    case 'connect':
      return {
        message: `Ollama at ${url} accepted no connection within ${time}.`,
        hint: 'Check the address (OLLAMA_HOST), that the server runs there, and that no firewall is in between.',
      };
    case 'firstByte':
      return {
        message: `Ollama at ${url} began no answer within ${time}.`,
        hint: 'A model that has to load is silent until its first token: try again, or load it first (ollama_load_model).',
      };
    case 'idle':
      return {
        message: `Ollama at ${url} sent no data for ${time}.`,
        hint: 'Look at the log of the Ollama server, then try again.',
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
